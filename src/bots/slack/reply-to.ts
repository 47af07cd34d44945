/** A question that stands in no message yet: of the command or a shortcut. Docent posts it before it answers. */
export interface PendingQuestion {
  /** Derived from the event that brought it, so that it is posted once. */
  readonly id: string;
  readonly text: string;
  readonly askedBy: string;
  readonly locale: string | null;
  readonly conversation: string;
}

/** Where an answer goes: core keeps it with the turn and hands it back. */
export interface ReplyTo {
  readonly channel: string;
  /** The thread; null for the top of a direct message, and for a pending question that begins its own thread. */
  readonly threadTs: string | null;
  /** The question's message; null while it is pending. */
  readonly messageTs: string | null;
  /** Who asked: gets the answer as a direct message when it cannot be posted in its channel. */
  readonly user: string;
  readonly pending: PendingQuestion | null;
}

/** Where a turn is seen: the message of the question, and the thread of the answer. */
export type Place = Pick<ReplyTo, "channel" | "threadTs" | "messageTs" | "user">;

export function isReplyTo(value: unknown): value is ReplyTo {
  return typeof value === "object" && value !== null && "channel" in value && "threadTs" in value && "user" in value;
}

/** What is needed to fetch a file again, and to say which message brought it. */
export interface FileReference {
  readonly fileId: string;
  readonly channel: string;
  readonly ts: string;
  /** A link to the message that brought the file. */
  readonly permalink: string;
  /** It was posted without a question: a reaction on its message says what became of it. */
  readonly isNote: boolean;
}

export function isFileReference(value: unknown): value is FileReference {
  return typeof value === "object" && value !== null && "fileId" in value && "permalink" in value;
}

/** The link that Slack gives to a message, by the address of the workspace that `auth.test` told. */
export function toPermalink(teamUrl: string, channel: string, ts: string, threadTs: string | null): string {
  const link = `${teamUrl}archives/${channel}/p${ts.replace(".", "")}`;
  return threadTs === null || threadTs === ts ? link : `${link}?thread_ts=${threadTs}&cid=${channel}`;
}
