import { isDocentError, toDocentError } from "../errors.ts";
import type { Inbox } from "../ports/stores.ts";
import type { Clock, Log } from "../ports/system.ts";
import type { Turn } from "../turn.ts";

const LEASE_MS = 30_000;
/** How long the worker sleeps when nothing wakes it: how late an abandoned turn can be noticed. */
const IDLE_MS = 5_000;

/** Of an answer that its platform does not take. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 2 * 60_000;

/** Why a turn's signal was aborted: this process lets go of it (leave the run alone), or somebody pressed stop. */
export type StopReason = "stopping" | "cancelled";

export interface Worker {
  start(): void;
  /** Adds a turn to the inbox and, where there is room for it, takes it up in the same write. */
  add: Inbox["add"];
  /** Takes nothing new, tells what is being worked on to stop, and resolves when all of it has let go. */
  stop(): Promise<void>;
  isActive(turnId: string): boolean;
  /** Resolves when none of these turns is being worked on here. */
  settled(turnIds: readonly string[]): Promise<void>;
}

/** Takes turns from the inbox and works on up to `concurrency` of them at once, renewing their leases meanwhile. */
export function createWorker(options: {
  inbox: Inbox;
  owner: string;
  concurrency: number;
  clock: Clock;
  log: Log;
  /** `isNew`: stored and taken up in one write just now, so that nothing of it can have been done before. */
  work: (turn: Turn, options: { signal: AbortSignal; isNew: boolean }) => Promise<void>;
}): Worker {
  const { inbox, owner, concurrency, clock, log, work } = options;
  const lease = { owner, leaseMs: LEASE_MS };
  /** Turns to abort that may be in the claim under way: the row was read before the wish was written. */
  const abortOnArrival = new Map<string, StopReason>();
  /** How often a turn's answer was put off in a row. */
  const postponed = new Map<string, number>();
  const active = new Map<string, { controller: AbortController; done: Promise<void> }>();
  /** Turns that are being added and may be taken up here. */
  const arriving = new Set<Promise<unknown>>();
  let running = false;
  let claiming = false;
  let isFull = false;
  let loop: Promise<void> = Promise.resolve();
  let wake: () => void = () => undefined;
  let stopListening: () => void = () => undefined;
  let renewal: NodeJS.Timeout | undefined;

  async function takeTurns(): Promise<void> {
    // While there is enough to do, several look at once: a claim waits for the disk.
    let width = 1;
    while (running) {
      const awake = new Promise<void>((resolve) => (wake = resolve));
      const room = roomLeft();
      claiming = room > 0;
      if (!claiming && !isFull) inbox.passOn();
      isFull = !claiming;
      const claims = Array.from({ length: Math.min(width, room) }, () => claim());
      const turns = (await Promise.all(claims)).filter((turn) => turn !== undefined);
      // A process that was held up may have let a lease of its own run out: that turn is in good hands, and held again.
      for (const turn of turns) {
        if (active.has(turn.id)) continue;
        if (running) begin(turn, false);
        else await giveBack(turn.id);
      }
      claiming = false;
      forgetWishes();
      width = turns.length === claims.length ? width * 2 : 1;
      if (turns.length > 0) continue;
      const nap = new AbortController();
      await Promise.race([awake, clock.sleep(IDLE_MS, nap.signal).catch(() => undefined)]);
      nap.abort();
    }
  }

  const roomLeft = (): number => Math.max(0, concurrency - active.size - arriving.size);

  async function add(turn: Turn): ReturnType<Inbox["add"]> {
    if (!running || roomLeft() === 0) return await inbox.add(turn);
    const adding = inbox.add(turn, { ...lease, as: { ...turn, state: "running", mayHaveRun: true } });
    const settled = adding.then(
      ({ isTaken }) => (isTaken && !running ? inbox.release(turn.id, owner) : undefined),
      () => undefined,
    );
    arriving.add(settled);
    try {
      const added = await adding;
      if (added.isTaken && running) begin({ ...added.turn, mayHaveRun: true }, true);
      return added;
    } finally {
      arriving.delete(settled);
      forgetWishes();
      if (isFull) wake();
    }
  }

  function forgetWishes(): void {
    if (!claiming && arriving.size === 0) abortOnArrival.clear();
  }

  function notice(): boolean {
    wake();
    return running && roomLeft() > 0;
  }

  async function claim(): Promise<Turn | undefined> {
    try {
      return await inbox.claim(lease);
    } catch (error) {
      log.error("Could not take a turn from the inbox; trying again.", {
        error: toDocentError(error, "Claiming a turn"),
      });
      return undefined;
    }
  }

  /** Claimed while this process was told to stop: another one, or the next, need not wait for the end of its lease. */
  async function giveBack(turnId: string): Promise<void> {
    await inbox
      .release(turnId, owner)
      .catch((error: unknown) => log.warn("A turn could not be given back.", { turn: turnId, error }));
  }

  function begin(turn: Turn, isNew: boolean): void {
    const controller = new AbortController();
    const wish = abortOnArrival.get(turn.id);
    if (wish !== undefined) controller.abort(wish);
    abortOnArrival.delete(turn.id);
    const done = work(turn, { signal: controller.signal, isNew })
      .then(() => {
        postponed.delete(turn.id);
        return inbox.release(turn.id, owner);
      })
      .catch(async (error: unknown) => {
        if (isDocentError(error, "platform_unreachable")) return await postpone(turn.id);
        // `work` ends every turn itself; what arrives here could not even be saved. Not released: the end of the lease
        // brings it back, which keeps a broken store from being asked again and again.
        log.error("A turn could not be worked on.", {
          turn: turn.id,
          error: toDocentError(error, "Working on a turn"),
        });
      })
      .catch((error: unknown) => log.error("A turn could not be put off.", { turn: turn.id, error }))
      .finally(() => {
        active.delete(turn.id);
        if (isFull) wake();
      });
    active.set(turn.id, { controller, done });
  }

  /** Its answer cannot be posted now. The worker's place is free for others; its own conversation waits. */
  async function postpone(turnId: string): Promise<void> {
    const times = (postponed.get(turnId) ?? 0) + 1;
    postponed.set(turnId, times);
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (times - 1), LONGEST_PAUSE_MS) * (0.75 + Math.random() * 0.25);
    await inbox.postpone(turnId, { owner, forMs: Math.round(pauseMs) });
  }

  async function renewLeases(): Promise<void> {
    const held = [...active.keys()];
    if (held.length === 0) return;
    try {
      const renewed = new Map((await inbox.renew(held, lease)).map((each) => [each.id, each.cancelRequested]));
      for (const turnId of held) {
        if (renewed.get(turnId) === true) abort(turnId, "cancelled");
        // Somebody else goes on with it: this process was held up, or cut off from the store.
        if (!renewed.has(turnId)) abort(turnId, "stopping");
      }
    } catch (error) {
      log.error("Leases could not be renewed.", { turns: held.length, error });
    }
  }

  function abort(turnId: string, reason: StopReason): void {
    const here = active.get(turnId);
    if (here !== undefined) here.controller.abort(reason);
    else if (claiming || arriving.size > 0) abortOnArrival.set(turnId, reason);
  }

  return {
    add,
    start() {
      running = true;
      const stops = [inbox.onWork(notice), inbox.onCancel((turnId) => abort(turnId, "cancelled"))];
      stopListening = () => stops.forEach((stop) => stop());
      renewal = setInterval(() => void renewLeases(), LEASE_MS / 3);
      renewal.unref();
      loop = takeTurns();
    },
    async stop() {
      running = false;
      stopListening();
      wake();
      for (const { controller } of active.values()) controller.abort("stopping" satisfies StopReason);
      await loop;
      await Promise.all(arriving);
      await Promise.all([...active.values()].map(({ done }) => done));
      clearInterval(renewal);
    },
    isActive: (turnId) => active.has(turnId),
    async settled(turnIds) {
      await Promise.all(turnIds.map((turnId) => active.get(turnId)?.done ?? Promise.resolve()));
    },
  };
}
