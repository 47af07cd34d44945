/** Where Node keeps what its `fetch` sends with (undici, `lib/global.js`), by version of how the two talk. */
const OF_FETCH = [2, 1].map((version) => Symbol.for(`undici.globalDispatcher.${version}`));

/** Those of undici's classes that take options and connect by themselves. */
const AGENTS = ["Agent", "EnvHttpProxyAgent"];

/**
 * A dispatcher for the `fetch` of Node whose connections stay open for so long without a request: by itself, Node
 * closes them after 4 s, and a new one to OpenAI takes several ways there and back before anything can be sent. It is
 * of the class that Node uses by itself, which knows of a proxy in the environment; undefined when Node has another
 * one: then fetch goes on as it is. The package undici has the same, and takes 9 MB of memory.
 */
export function createKeepAlive(keepAliveTimeoutMs: number): object | undefined {
  // It is there as soon as fetch has been looked at.
  void globalThis.Response;
  const ofFetch: unknown = OF_FETCH.map((key) => Reflect.get(globalThis, key) as unknown).find(Boolean);
  if (typeof ofFetch !== "object" || ofFetch === null || !AGENTS.includes(ofFetch.constructor.name)) return undefined;
  const Agent = ofFetch.constructor as new (options: { keepAliveTimeout: number }) => object;
  return new Agent({ keepAliveTimeout: keepAliveTimeoutMs });
}
