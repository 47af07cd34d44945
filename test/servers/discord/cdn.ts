import { createHmac } from "node:crypto";
import type { Reply } from "./fault.ts";
import type { StoredFile } from "./state.ts";

/** Signed addresses of attachments, as cdn.discordapp.com's: `ex` and `is` are hexadecimal seconds, `hm` signs them. */
export interface Cdn {
  urlOf(channelId: string, file: StoredFile): string;
  /** Undefined when the path is not the CDN's. */
  handle(url: URL): Reply | undefined;
  /** Requests for files that came in. */
  readonly downloads: readonly string[];
  /** Adds files that no message holds: those of slash commands. */
  keep(file: StoredFile): void;
  /** The next download answers this instead. */
  failNext(reply: Reply): void;
}

export function createCdn(options: {
  readonly base: () => string;
  readonly now: () => number;
  readonly lifeMs: number;
  readonly find: (fileId: string) => StoredFile | undefined;
}): Cdn {
  const downloads: string[] = [];
  const failures: Reply[] = [];
  const kept = new Map<string, StoredFile>();
  const sign = (path: string, ex: string, is: string): string =>
    createHmac("sha256", "secret of the cdn").update(`${path}|${ex}|${is}`).digest("hex");

  return {
    downloads,
    keep: (file) => void kept.set(file.id, file),
    failNext: (reply) => void failures.push(reply),
    urlOf(channelId, file) {
      const folder = file.isEphemeral ? "ephemeral-attachments" : "attachments";
      const path = `/${folder}/${channelId}/${file.id}/${encodeURIComponent(file.name)}`;
      const is = Math.floor(options.now() / 1000).toString(16);
      const ex = Math.floor((options.now() + options.lifeMs) / 1000).toString(16);
      return `${options.base()}${path}?ex=${ex}&is=${is}&hm=${sign(path, ex, is)}&`;
    },
    handle(url) {
      const match = /^\/(?:ephemeral-)?attachments\/\d+\/(\d+)\/[^/]+$/.exec(url.pathname);
      if (match === null) return undefined;
      downloads.push(url.pathname);
      const failure = failures.shift();
      if (failure !== undefined) return failure;
      const [ex, is, hm] = ["ex", "is", "hm"].map((name) => url.searchParams.get(name) ?? "");
      const isFresh = Number.parseInt(ex ?? "", 16) * 1000 > options.now();
      const file = kept.get(match[1] ?? "") ?? options.find(match[1] ?? "");
      if (file === undefined || !isFresh || hm !== sign(url.pathname, ex ?? "", is ?? "")) {
        return { status: 404, bytes: Buffer.from("This content is no longer available.") };
      }
      return { status: 200, bytes: file.bytes, headers: { "content-type": file.contentType } };
    },
  };
}
