import { randomUUID } from "node:crypto";
import { createKeyedLock } from "../../../core/keyed-lock.ts";
import type { KeyValue } from "../../../core/ports/stores.ts";
import type { Clock, Lock } from "../../../core/ports/system.ts";
import type { Place } from "../reply-to.ts";

/** A turn that is shown as under way, and where. */
export interface ShownTurn {
  readonly turnId: string;
  readonly place: Place;
}

/**
 * Turns that people see as under way: a crash must not leave them so. Each replica keeps a list of its own, which it
 * alone adds to, so that no question waits for a lock; the next one to start looks through those of all others. What is
 * lost of it only leaves a sign behind.
 */
export interface ShownTurns {
  remember(turn: ShownTurn): Promise<void>;
  forget(turnId: string): Promise<void>;
  /** What others have shown: `end` says whether a turn is over and its sign gone; those that are not stay listed. */
  endOthers(end: (turn: ShownTurn) => Promise<boolean>): Promise<void>;
}

const REPLICAS = "shown-by";
const REGISTER_EVERY_MS = 60 * 60_000;
/** A replica that has shown nothing for so long is gone, or registers again before it does. */
const GONE_AFTER_MS = 24 * 60 * 60_000;

interface Registered {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export function createShownTurns(seen: KeyValue<unknown>, lock: Lock, clock: Clock): ShownTurns {
  const self = randomUUID();
  const own = new Map<string, ShownTurn>();
  const inTurn = createKeyedLock();
  let registeredAt: number | null = null;
  let waiting: Promise<void> | null = null;

  const keyOf = (id: string): string => `shown:${id}`;
  const read = async <T>(key: string): Promise<readonly T[]> =>
    ((await seen.get(key)) as readonly T[] | undefined) ?? [];

  async function changeReplicas(change: (known: readonly Registered[]) => readonly Registered[]): Promise<void> {
    await lock(`slack ${REPLICAS}`, async () => void (await seen.set(REPLICAS, change(await read(REPLICAS)))));
  }

  async function register(): Promise<void> {
    if (registeredAt !== null && clock.steady() - registeredAt < REGISTER_EVERY_MS) return;
    registeredAt = clock.steady();
    await changeReplicas((known) => [...known.filter(({ id }) => id !== self), { id: self, at: clock.now() }]);
  }

  /** A list that waits to be written holds whatever comes until then: a burst is written once, not once a turn. */
  function save(): Promise<void> {
    waiting ??= inTurn("save", async () => {
      waiting = null;
      await register();
      await seen.set(keyOf(self), [...own.values()]);
    });
    return waiting;
  }

  return {
    async remember(turn) {
      own.set(turn.turnId, turn);
      await save();
    },
    async forget(turnId) {
      if (own.delete(turnId)) await save();
    },
    async endOthers(end) {
      const gone = new Set<string>();
      for (const { id, at } of await read<Registered>(REPLICAS)) {
        if (id === self) continue;
        const turns = await read<ShownTurn>(keyOf(id));
        const left: ShownTurn[] = [];
        for (const turn of turns) if (!(await end(turn))) left.push(turn);
        // Should it be alive, it writes its list anew with its next turn.
        if (left.length < turns.length) await seen.set(keyOf(id), left);
        if (left.length > 0 || clock.now() - at < GONE_AFTER_MS) continue;
        await seen.delete(keyOf(id));
        gone.add(id);
      }
      if (gone.size > 0) await changeReplicas((known) => known.filter(({ id }) => !gone.has(id)));
    },
  };
}
