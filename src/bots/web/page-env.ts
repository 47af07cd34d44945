/** What the page's routes know of a request besides the request. */
export interface PageEnv {
  Bindings: {
    /** The other end of the connection; undefined when it is not known. */
    readonly remoteAddress: string | undefined;
  };
}
