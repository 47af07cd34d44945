import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { FetchFunction } from "@slack/web-api";

type Answer = Awaited<ReturnType<FetchFunction>>;

/**
 * `fetch` as far as Slack's SDK needs it, text there and text back, on Node's own HTTP client, which takes about half of
 * its processor time. A redirect is an answer that is not 200, which the SDK takes for an error.
 * @throws Error when there is no whole answer, after a reset say, and what `signal` is aborted with.
 */
export const httpFetch: FetchFunction = async (url, init = {}) => {
  const { method = "GET", headers = {}, body, signal } = init;
  // Only uploads are forms, and Docent has none.
  if (body !== undefined && typeof body !== "string") throw new TypeError("A form cannot be sent to Slack.");
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const begin = String(url).startsWith("https:") ? requestHttps : requestHttp;
  const options = { method, headers, ...(signal === undefined ? {} : { signal }) };
  const request = begin(url, options, (incoming) => {
    let text = "";
    incoming.setEncoding("utf8");
    incoming.on("data", (piece: string) => (text += piece));
    // Also when the rest does not come.
    incoming.on("error", reject);
    incoming.on("end", () => resolve(toAnswer(String(url), incoming, text)));
  });
  request.on("error", reject);
  request.end(body);
  return await promise;
};

function toAnswer(url: string, incoming: IncomingMessage, text: string): Answer {
  const { statusCode: status = 0, statusMessage: statusText = "", headers } = incoming;
  return {
    url,
    status,
    statusText,
    ok: status >= 200 && status < 300,
    headers: {
      get: (name) => toValue(headers[name.toLowerCase()]),
      entries: () => Object.entries(headers).map(([name, value]): [string, string] => [name, toValue(value) ?? ""]),
    },
    text: () => Promise.resolve(text),
    json: () => Promise.resolve(JSON.parse(text) as unknown),
    arrayBuffer: () => Promise.resolve(new TextEncoder().encode(text).buffer),
  };
}

function toValue(value: string | readonly string[] | undefined): string | null {
  return value === undefined ? null : [value].flat().join(", ");
}
