import { globalAgent } from "node:https";
import { EnvHttpProxyAgent } from "undici";

/** What Node's own clients go by when `NODE_USE_ENV_PROXY` is set; not in its types yet (nodejs.org/api/http.html). */
interface ProxyOptions {
  readonly proxyEnv?: Readonly<Record<string, string | undefined>>;
}

/**
 * The way to Slack for the SDK's WebSockets, which know nothing of Node's proxy; undefined where Node uses none. The
 * addresses are those of Node's own setting, so that all of Docent takes the same way.
 */
export function createProxyDispatcher(): EnvHttpProxyAgent | undefined {
  const { proxyEnv } = globalAgent.options as ProxyOptions;
  if (proxyEnv === undefined) return undefined;
  const read = (name: string): string | undefined => proxyEnv[name.toLowerCase()] ?? proxyEnv[name];
  return new EnvHttpProxyAgent({
    httpProxy: read("HTTP_PROXY"),
    httpsProxy: read("HTTPS_PROXY"),
    noProxy: read("NO_PROXY"),
  });
}
