import type { Scope } from "../../core/document.ts";
import type { KeyValue } from "../../core/ports/stores.ts";
import type { Lock } from "../../core/ports/system.ts";
import type { SlackFile } from "./payloads.ts";

/** A part that was offered to Slack. `ts` is null from before the first attempt until Slack has confirmed it. */
export interface PartRecord {
  readonly channel: string;
  readonly threadTs: string | null;
  readonly ts: string | null;
}

/** What a shortcut was pressed on, kept while its modal is open. */
export interface ShortcutTarget {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly text: string;
  readonly files: readonly SlackFile[];
}

/** What the bot must know again after a restart, or in another replica. */
export interface Memory {
  /**
   * The key of the first delivery of a message: Slack Connect brings copies with another `ts`, but the same
   * `client_msg_id`. They come at once and maybe to two replicas; elsewhere every delivery has the same key anyway.
   */
  canonicalKey(clientMsgId: string | undefined, key: string): Promise<string>;
  /** The same where there are no copies: only written down, for the day that the channel is shared. */
  noteKey(clientMsgId: string | undefined, key: string): Promise<void>;
  knownKey(clientMsgId: string | undefined): Promise<string | undefined>;
  /** Docent answers in a thread: what is written there is meant for it. */
  takePart(channel: string, threadTs: string, conversation: string): Promise<void>;
  /** The conversation of a thread that Docent takes part in. */
  conversationOf(channel: string, threadTs: string): Promise<string | undefined>;
  part(id: string): Promise<PartRecord | undefined>;
  savePart(id: string, record: PartRecord): Promise<void>;
  /** Called before a turn is acknowledged and when it is first shown. */
  rememberTurn(channel: string, threadTs: string, turnId: string): Promise<void>;
  turnsOf(channel: string, threadTs: string): Promise<readonly string[]>;
  /** Where a file became a document: Slack says only the file's id when it is deleted. */
  rememberFile(fileId: string, scope: Scope): Promise<void>;
  scopesOf(fileId: string): Promise<readonly Scope[]>;
  /** Notes that somebody was offered to stop a turn, and returns whether that was noted before. */
  noteOffer(turnId: string): Promise<boolean>;
  /** Up to which message each channel was accepted; with several replicas one before it may be under way elsewhere. */
  noteSeen(marks: ReadonlyMap<string, string>): Promise<void>;
  lastSeen(channel: string): Promise<string | undefined>;
  /** Channels in which something was accepted. */
  channels(): Promise<readonly string[]>;
  keepTarget(id: string, target: ShortcutTarget): Promise<void>;
  target(id: string): Promise<ShortcutTarget | undefined>;
  dropTarget(id: string): Promise<void>;
}

/** A thread has few turns open at once; older ones cannot be stopped any more anyway. */
const TURNS_KEPT = 8;

export function createMemory(seen: KeyValue<unknown>, lock: Lock): Memory {
  // Only this module writes here, so that a key's first word decides what its value is.
  const get = async <T>(key: string): Promise<T | undefined> => (await seen.get(key)) as T | undefined;
  const set = async (key: string, value: unknown): Promise<void> => void (await seen.set(key, value));

  return {
    async canonicalKey(clientMsgId, key) {
      if (clientMsgId === undefined) return key;
      const name = `message:${clientMsgId}`;
      return await lock(`slack ${name}`, async () => {
        const first = await get<string>(name);
        if (first === undefined) await set(name, key);
        return first ?? key;
      });
    },
    async noteKey(clientMsgId, key) {
      if (clientMsgId !== undefined) await set(`message:${clientMsgId}`, key);
    },
    knownKey: async (clientMsgId) =>
      clientMsgId === undefined ? undefined : await get<string>(`message:${clientMsgId}`),
    async takePart(channel, threadTs, conversation) {
      const name = `thread:${channel}:${threadTs}`;
      if ((await get(name)) === undefined) await set(name, conversation);
    },
    conversationOf: (channel, threadTs) => get<string>(`thread:${channel}:${threadTs}`),
    part: (id) => get<PartRecord>(`part:${id}`),
    savePart: (id, record) => set(`part:${id}`, record),
    async rememberTurn(channel, threadTs, turnId) {
      const name = `turns:${channel}:${threadTs}`;
      const known = (await get<readonly string[]>(name)) ?? [];
      // No lock: what another replica overwrites is added again when the turn is shown.
      if (!known.includes(turnId)) await set(name, [...known, turnId].slice(-TURNS_KEPT));
    },
    turnsOf: async (channel, threadTs) => (await get<readonly string[]>(`turns:${channel}:${threadTs}`)) ?? [],
    rememberFile: (fileId, scope) =>
      append(`file:${fileId}`, [scope], (one, other) => one.kind === other.kind && one.key === other.key),
    scopesOf: async (fileId) => (await get<readonly Scope[]>(`file:${fileId}`)) ?? [],
    async noteOffer(turnId) {
      const isKnown = (await get<boolean>(`offer:${turnId}`)) === true;
      if (!isKnown) await set(`offer:${turnId}`, true);
      return isKnown;
    },
    async noteSeen(marks) {
      const found = await Promise.all(
        [...marks].map(async ([channel, ts]) => ({ channel, ts, before: await get<string>(`seen:${channel}`) })),
      );
      const unlisted = found.filter(({ before }) => before === undefined).map(({ channel }) => channel);
      // A mark says that its channel is listed.
      await append("channels", unlisted, (one, other) => one === other);
      // Slack's time stamps have ten digits before the point: as texts they compare as they do in time. Two replicas
      // may put it back a little, which costs a repeat.
      const later = found.filter(({ ts, before }) => before === undefined || ts > before);
      await Promise.all(later.map(({ channel, ts }) => set(`seen:${channel}`, ts)));
    },
    lastSeen: (channel) => get<string>(`seen:${channel}`),
    channels: async () => (await get<readonly string[]>("channels")) ?? [],
    keepTarget: (id, target) => set(`target:${id}`, target),
    target: (id) => get<ShortcutTarget>(`target:${id}`),
    dropTarget: async (id) => void (await seen.delete(`target:${id}`)),
  };

  /** Adds to a list that other replicas may add to at the same time. */
  async function append<T>(name: string, values: readonly T[], isSame: (one: T, other: T) => boolean): Promise<void> {
    const read = async (): Promise<readonly T[]> => (await get<readonly T[]>(name)) ?? [];
    const missing = (known: readonly T[]): readonly T[] =>
      values.filter((value) => !known.some((one) => isSame(one, value)));
    if (values.length === 0 || missing(await read()).length === 0) return;
    await lock(`slack ${name}`, async () => {
      const known = await read();
      const added = missing(known);
      if (added.length > 0) await set(name, [...known, ...added]);
    });
  }
}
