/** Time, so that tests can turn it by hand. */
export interface Clock {
  /** Milliseconds since the epoch: a date, for what people see and what outlives the process. It may jump. */
  now(): number;
  /**
   * Milliseconds that pass evenly, whatever happens to the date: for deadlines, pauses and leases. Begins at the date,
   * so that values of two processes can be put in order; do not show it.
   */
  steady(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Runs `work` when nobody else runs any of the same name, in this process or in another that shares the store. Not for
 * nesting under one name. Should the holder seem dead, another goes on: what is guarded must bear being done twice.
 */
export type Lock = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Short messages to every process that shares the store, this one included. They may be lost: who must know looks again. */
export interface Bulletin {
  /** `message` is plain JSON, and small. */
  publish(topic: string, message: unknown): void;
  /** Returns a function that ends it. */
  subscribe(topic: string, callback: (message: unknown) => void): () => void;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Log lines for operators. Fields never hold secrets or what people wrote; the logger redacts known secrets all the same. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Figures for `/metrics`. Names without the `docent_` prefix; labels have few values. */
export interface Metrics {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void;
  observe(name: string, seconds: number, labels?: Readonly<Record<string, string>>): void;
}

/** Who sent an HTTP request. */
export interface Client {
  /** An IPv4 address or the network of an IPv6 one, for counting and nothing else. */
  readonly address: string;
  /** The other end of the connection itself, which may be a proxy's. */
  readonly socketAddress?: string | undefined;
}

/** An HTTP handler that a bot mounts on the one server. Paths are absolute, e.g. `/slack/events`. */
export interface HttpMount {
  /** True when this mount answers the request's path. */
  matches(path: string): boolean;
  handle(request: Request, client?: Client): Promise<Response>;
}
