import type { LoggedMessage, MessageLog } from "../../src/core/ports/stores.ts";

/** A message log that forgets at the end of the process. */
export function createMemoryMessageLog(): MessageLog & { readonly all: readonly LoggedMessage[] } {
  let all: readonly LoggedMessage[] = [];
  const of = (channel: string): readonly LoggedMessage[] =>
    all.filter((message) => message.channel === channel).toSorted((a, b) => a.createdAt - b.createdAt);

  return {
    get all() {
      return all;
    },
    append(message) {
      const isNew = !all.some(({ id }) => id === message.id);
      if (isNew) all = [...all, message];
      return Promise.resolve({ isNew });
    },
    list: (channel, options = {}) => Promise.resolve(of(channel).slice(-(options.limit ?? Infinity))),
    channels() {
      const names = [...new Set(all.map(({ channel }) => channel))];
      return Promise.resolve(
        names.map((channel) => ({
          channel,
          lastAt: of(channel).at(-1)?.createdAt ?? 0,
          messages: of(channel).length,
        })),
      );
    },
    redact(documentId, text) {
      const quotes = ({ citations }: LoggedMessage): boolean =>
        citations.some((each) => each.documentId === documentId);
      all = all.map((message) => (quotes(message) ? { ...message, text, citations: [] } : message));
      return Promise.resolve();
    },
    forgetChannel(channel, until) {
      const before = all.length;
      all = all.filter((message) => (channel !== null && message.channel !== channel) || message.createdAt > until);
      return Promise.resolve(before - all.length);
    },
  };
}
