import type { Scope } from "../../core/document.ts";
import type { KeyValue } from "../../core/ports/stores.ts";
import { createKeyedLock } from "../../core/keyed-lock.ts";
import type { SlackFile } from "./payloads.ts";
import type { Place } from "./reply-to.ts";

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

/** A turn that is shown as under way, and where. */
export interface ShownTurn {
  readonly turnId: string;
  readonly place: Place;
}

/** What the bot must know again after a restart, or in another process. */
export interface Memory {
  /** The key of the first delivery of a message: Slack Connect brings copies with another `ts`, but the same `client_msg_id`. */
  canonicalKey(clientMsgId: string | undefined, key: string): Promise<string>;
  knownKey(clientMsgId: string | undefined): Promise<string | undefined>;
  /** Docent answers in a thread: what is written there is meant for it. */
  takePart(channel: string, threadTs: string, conversation: string): Promise<void>;
  /** The conversation of a thread that Docent takes part in. */
  conversationOf(channel: string, threadTs: string): Promise<string | undefined>;
  part(id: string): Promise<PartRecord | undefined>;
  savePart(id: string, record: PartRecord): Promise<void>;
  rememberTurn(channel: string, threadTs: string, turnId: string): Promise<void>;
  turnsOf(channel: string, threadTs: string): Promise<readonly string[]>;
  /** Where a file became a document: Slack says only the file's id when it is deleted. */
  rememberFile(fileId: string, scope: Scope): Promise<void>;
  scopesOf(fileId: string): Promise<readonly Scope[]>;
  /** Turns that people see as under way: a crash must not leave them so. Lost entries only leave a sign behind. */
  rememberShown(turn: ShownTurn): Promise<void>;
  forgetShown(turnId: string): Promise<void>;
  shownTurns(): Promise<readonly ShownTurn[]>;
  /** A message of a channel was accepted: everything before it was seen. */
  noteSeen(channel: string, ts: string): Promise<void>;
  lastSeen(channel: string): Promise<string | undefined>;
  /** Channels in which something was accepted. */
  channels(): Promise<readonly string[]>;
  keepTarget(id: string, target: ShortcutTarget): Promise<void>;
  target(id: string): Promise<ShortcutTarget | undefined>;
  dropTarget(id: string): Promise<void>;
}

/** A thread has few turns open at once; older ones cannot be stopped any more anyway. */
const TURNS_KEPT = 8;

export function createMemory(seen: KeyValue<unknown>): Memory {
  const lock = createKeyedLock();
  // Only this module writes here, so that a key's first word decides what its value is.
  const get = async <T>(key: string): Promise<T | undefined> => (await seen.get(key)) as T | undefined;
  const set = async (key: string, value: unknown): Promise<void> => void (await seen.set(key, value));

  return {
    async canonicalKey(clientMsgId, key) {
      if (clientMsgId === undefined) return key;
      const name = `message:${clientMsgId}`;
      return await lock(name, async () => {
        const first = await get<string>(name);
        if (first !== undefined) return first;
        await set(name, key);
        return key;
      });
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
    rememberTurn: (channel, threadTs, turnId) =>
      append(`turns:${channel}:${threadTs}`, turnId, (one, other) => one === other),
    turnsOf: async (channel, threadTs) => (await get<readonly string[]>(`turns:${channel}:${threadTs}`)) ?? [],
    rememberFile: (fileId, scope) =>
      append(`file:${fileId}`, scope, (one, other) => one.kind === other.kind && one.key === other.key),
    scopesOf: async (fileId) => (await get<readonly Scope[]>(`file:${fileId}`)) ?? [],
    rememberShown: (turn) => append("shown", turn, (one, other) => one.turnId === other.turnId),
    forgetShown: (turnId) =>
      lock("shown", async () => {
        const known = (await get<readonly ShownTurn[]>("shown")) ?? [];
        if (!known.some((one) => one.turnId === turnId)) return;
        await set(
          "shown",
          known.filter((one) => one.turnId !== turnId),
        );
      }),
    shownTurns: async () => (await get<readonly ShownTurn[]>("shown")) ?? [],
    async noteSeen(channel, ts) {
      await lock(`seen:${channel}`, async () => {
        const before = await get<string>(`seen:${channel}`);
        if (before === undefined) await append("channels", channel, (one, other) => one === other);
        // Slack's time stamps have ten digits before the point: as texts they compare as they do in time.
        if (before === undefined || ts > before) await set(`seen:${channel}`, ts);
      });
    },
    lastSeen: (channel) => get<string>(`seen:${channel}`),
    channels: async () => (await get<readonly string[]>("channels")) ?? [],
    keepTarget: (id, target) => set(`target:${id}`, target),
    target: (id) => get<ShortcutTarget>(`target:${id}`),
    dropTarget: async (id) => void (await seen.delete(`target:${id}`)),
  };

  async function append<T>(name: string, value: T, isSame: (one: T, other: T) => boolean): Promise<void> {
    await lock(name, async () => {
      const known = (await get<readonly T[]>(name)) ?? [];
      if (known.some((one) => isSame(one, value))) return;
      await set(name, name.startsWith("turns:") ? [...known, value].slice(-TURNS_KEPT) : [...known, value]);
    });
  }
}
