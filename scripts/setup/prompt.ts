import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Writable } from "node:stream";

export interface Prompt {
  /** Asks for a line. `isHidden` shows nothing of what is typed. Null when the input has ended. */
  ask(question: string, options?: { isHidden?: boolean }): Promise<string | null>;
  close(): void;
}

/** Questions on a terminal, or answers from a pipe: one a line. */
export function createPrompt(options: {
  input: Readable;
  output: Writable;
  isTerminal: boolean;
  /** Ctrl+C. */
  onInterrupt: () => void;
}): Prompt {
  const { input, output, isTerminal } = options;
  // Also between questions: what is pasted too early is not shown either.
  let isHidden = true;
  // What the terminal would show of the keys goes through here.
  const echo = new Writable({
    write(chunk: Buffer, _, done) {
      if (!isHidden) output.write(chunk);
      done();
    },
  });
  const reader = createInterface({ input, output: echo, terminal: isTerminal, historySize: 0 });
  let isClosed = false;
  reader.once("close", () => void (isClosed = true));
  reader.on("SIGINT", () => {
    output.write("\n");
    options.onInterrupt();
  });
  // Kept from the start on: lines of a pipe come when nobody has asked yet.
  const lines = reader[Symbol.asyncIterator]();

  return {
    async ask(question, { isHidden: hide = false } = {}) {
      isHidden = hide || !isTerminal;
      // The reader writes a question that it may have to write again, with what is typed after it.
      reader.setPrompt(isHidden ? "" : question);
      if (isHidden || isClosed) output.write(question);
      else reader.prompt(true);
      const { value, done } = await lines.next();
      // The key that ended the line was hidden too.
      if (isHidden) output.write("\n");
      isHidden = true;
      return done === true ? null : value;
    },
    close: () => reader.close(),
  };
}
