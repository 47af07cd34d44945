import type { HistoryMessage } from "../../src/engines/openai/moving/plan-history.ts";
import type { FindPlace, Found } from "./find-places.ts";
import { InputError, type Entry, type Input } from "./input.ts";

/** A channel with all that the files tell of it. */
export interface ChannelHistory {
  readonly place: string;
  readonly found: Found;
  /** For people: the channel's id, with its name where that is known. */
  readonly label: string;
  readonly messages: readonly HistoryMessage[];
  /** Messages that are older than RETENTION_DAYS, or may be. */
  readonly tooOld: number;
}

export interface Collected {
  readonly histories: readonly ChannelHistory[];
  /** Ids of channels of which there is nothing to move. Nobody is asked where they are. */
  readonly bare: readonly string[];
}

/** Puts together what the files tell of each channel. What is wrong is added to the input's problems. */
export async function collectChannels(
  input: Input,
  findPlace: FindPlace,
  { keptSince }: { readonly keptSince: number | null },
): Promise<Collected> {
  const threads = new Map<string, HistoryMessage[]>();
  const placeOf = new Map<string, string>();
  for (const { place, thread, messages } of input.histories) {
    placeOf.set(thread, placeOf.get(thread) ?? place);
    threads.set(thread, inOrder([...(threads.get(thread) ?? []), ...messages]));
  }
  const merged = new Map<string, { entry: Entry; found: Found }>();
  const mentioned = new Set(input.entries.map(({ thread }) => thread));
  const hasHistory = ({ messages, thread }: Entry): boolean =>
    messages.length > 0 || (thread !== null && threads.has(thread));
  const filled = input.entries.filter(hasHistory);
  for (const entry of filled) {
    try {
      const found = await findPlace(entry);
      const known = merged.get(found.conversation);
      merged.set(found.conversation, { found, entry: known === undefined ? entry : merge(known.entry, entry) });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      input.problems.push(error.message);
    }
  }
  for (const [thread, place] of placeOf) {
    if (mentioned.has(thread)) continue;
    input.problems.push(`${place}: no channel is known for ${thread}. Give the file that names its channel too.`);
  }
  const told = new Set(filled.map(({ channel }) => channel));
  const bare = new Set(input.entries.map(({ channel }) => channel).filter((channel) => !told.has(channel)));
  const histories = [...merged.values()].map(({ entry, found }) => {
    const exported = entry.thread === null ? [] : (threads.get(entry.thread) ?? []);
    const all = entry.messages.length > 0 ? entry.messages : exported;
    const messages = keptSince === null ? all : all.filter(({ at }) => at !== null && at > keptSince);
    const label = found.name === null ? entry.channel : `${entry.channel} (${found.name})`;
    if (entry.hasInstructions) {
      input.remarks.push(`${entry.place}: instructions are not moved: Docent has its own.`);
    }
    return { place: entry.place, found, label, messages, tooOld: all.length - messages.length };
  });
  return { histories, bare: [...bare] };
}

/** Two that say the same of one channel, or of which one has what the other lacks. @throws InputError for two threads */
function merge(first: Entry, second: Entry): Entry {
  const isSame = first.thread === null || second.thread === null || first.thread === second.thread;
  if (!isSame || (first.messages.length > 0 && second.messages.length > 0)) {
    throw new InputError(second.place, `${second.channel} stands at ${first.place} already, with another history.`);
  }
  return {
    ...first,
    thread: first.thread ?? second.thread,
    messages: first.messages.length > 0 ? first.messages : second.messages,
    hasInstructions: first.hasInstructions || second.hasInstructions,
  };
}

/** Pages of one thread come in any order. */
function inOrder(messages: HistoryMessage[]): HistoryMessage[] {
  return messages.some(({ at }) => at === null) ? messages : messages.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
}
