export interface PostedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A message on its way to Docent. */
export interface Post {
  /** Resolves when the platform has handed it over: Slack got its acknowledgement, the page its 202. */
  readonly accepted: Promise<void>;
}

/** A channel of some platform in which one person asks and reads. */
export interface Place {
  readonly name: string;
  /** Asks; what the platform does when nobody listens is the platform's affair. */
  ask(text: string, file?: PostedFile): Post;
  /** Posts a file without a question. */
  note(file: PostedFile): Post;
  /** What Docent wrote here, oldest first. */
  answers(): Promise<readonly string[]>;
  /** Changes something: deletes a document on the page, begins a fresh conversation on Slack. */
  change?(): void;
  /** Deletes the message of the oldest note. */
  removeNote?(): void;
  /** What was not done as it should have been of what was acknowledged; asked at the end. */
  undone?(holds: (fileName: string) => boolean): Promise<readonly string[]>;
}
