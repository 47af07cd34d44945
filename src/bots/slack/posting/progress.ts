import { isFinal, type TurnView } from "../../../core/turn.ts";
import { createKeyedLock } from "../../../core/keyed-lock.ts";
import { createTurnSigns } from "../../../core/turn-signs.ts";
import { createAllowance } from "./allowance.ts";
import { toStopOffer } from "./message-blocks.ts";
import { react } from "./react.ts";
import { isReplyTo, type Place, type ReplyTo } from "../reply-to.ts";
import { localeOf, type Room } from "../room.ts";
import type { Sender } from "./send-message.ts";
import { isRateLimited, refusalOf } from "../slack-api.ts";

const WORKING = "hourglass_flowing_sand";
/** An answer that comes sooner needs no sign, which would only flicker. */
const SIGN_AFTER_MS = 500;
/**
 * Slack takes about fifty calls a minute of each of these methods (facts S7, tier 3), and so many at most this makes in
 * any one. A sign of an agent's session needs two of one method, a reaction one of each of two. When there were more, a
 * turn goes without: answers never wait.
 */
const SIGNS = { perMinute: 30, burst: 20 };
/** Whoever waits that long may want to stop it. Slack's own stop button is there from the start. */
const OFFER_STOP_AFTER_MS = 10_000;
/** An app that Slack does not take for an agent now may be declared one later. */
const ASK_AGAIN_MS = 10 * 60_000;

export interface Progress {
  showTurn(turn: TurnView): Promise<void>;
  /** The same of a turn that was accepted just now, so that nobody has shown it before. */
  showNew(turn: TurnView): Promise<void>;
  /** Ends what a crash left as under way though it is over. */
  recover(): Promise<void>;
  stop(): void;
}

/**
 * Shows that Docent works on a question: as the status of an agent's session where the app is one (facts S5), else as a
 * reaction on the question. Resolves at once; what Slack does not take is dropped.
 */
export function createProgress(room: Room, sender: Sender): Progress {
  const lock = createKeyedLock();
  const { clock } = room.options;
  const allowance = createAllowance({ clock, ...SIGNS });
  /** Turns that are shown as under way, as they were last told. */
  const shown = new Map<string, Shown>();
  /** Another replica works on it, and offers to stop it; what stands there it takes away. */
  const signs = createTurnSigns(room.options.bulletin, "slack.turns", ({ turnId }) => {
    leave(turnId);
    room.background("leave a turn to another replica", () => room.shown.forget(turnId));
  });
  /** Turns of which no other process can have shown anything. */
  const fresh = new Set<string>();
  let noAgentUntil = 0;
  let isStopped = false;

  return {
    showNew: (turn) => {
      fresh.add(turn.id);
      return showTurn(turn);
    },
    showTurn,
    async recover() {
      await room.shown.endOthers(async ({ turnId, place }) => {
        if (!(await hasEnded(turnId))) return false;
        await lock(turnId, () => end(turnId, place));
        return true;
      });
    },
    stop() {
      isStopped = true;
      signs.stop();
      for (const { ended } of shown.values()) ended.abort("stopped");
      shown.clear();
    },
  };

  function showTurn(turn: TurnView): Promise<void> {
    const { id, replyTo } = turn;
    // What is shown now would be waited for by nobody.
    if (isStopped || !isReplyTo(replyTo)) return Promise.resolve();
    const isOver = isFinal(turn.state);
    // Only whoever works on a turn knows more of it than that it waits.
    if (isOver) signs.end(id);
    else if (turn.state !== "queued") signs.take(id);
    const known = shown.get(id);
    // What was seen of it when it was accepted may be told after the work has begun.
    const isLate = turn.state === "queued" && known?.view.state !== "queued";
    if (known !== undefined && !isLate) known.view = turn;
    if (isOver) {
      const isUnseen = fresh.has(id) && known?.isSigned !== true;
      leave(id);
      if (!isUnseen)
        room.background("show the end of a turn", () => lock(id, async () => end(id, await sender.place(replyTo))));
    } else if (known === undefined) {
      const own: Shown = { view: turn, ended: new AbortController(), isSigned: false };
      shown.set(id, own);
      room.background("show progress", () => beginLater(own, replyTo));
    }
    return Promise.resolve();
  }

  async function beginLater(own: Shown, replyTo: ReplyTo): Promise<void> {
    const { id } = own.view;
    await clock.sleep(SIGN_AFTER_MS, own.ended.signal).catch(() => undefined);
    if (own.ended.signal.aborted) return;
    await lock(id, async () => begin(own, await sender.place(replyTo)));
  }

  function leave(turnId: string): void {
    // A reason of its own: without one, Node makes an error with a stack for each.
    shown.get(turnId)?.ended.abort("left");
    shown.delete(turnId);
    fresh.delete(turnId);
  }

  async function hasEnded(turnId: string): Promise<boolean> {
    const turn = await room.docent().turn(turnId);
    return turn === undefined || isFinal(turn.state);
  }

  async function begin(own: Shown, place: Place): Promise<void> {
    const { id } = own.view;
    const isAgent = place.threadTs !== null && clock.steady() >= noAgentUntil;
    // What ended before it was ever shown as under way is heard of too late.
    if (own.ended.signal.aborted || (await hasEnded(id))) return leave(id);
    if (place.threadTs !== null) await room.memory.rememberTurn(place.channel, place.threadTs, id);
    if (allowance.take(isAgent ? 2 : 1)) await sign(own, place);
    room.background("offer to stop", () => offerStop(own, place));
  }

  async function sign(own: Shown, place: Place): Promise<void> {
    const { id } = own.view;
    own.isSigned = true;
    await room.shown.remember({ turnId: id, place });
    try {
      await show(place, "processing");
    } catch (error) {
      if (!isRateLimited(error)) throw error;
      own.isSigned = false;
      return await room.shown.forget(id);
    }
    // Another replica may have answered meanwhile, and found no sign to take away.
    if (await hasEnded(id)) {
      leave(id);
      return await end(id, place);
    }
    // It is another replica's by now, whose list it is on as well.
    if (shown.get(id) === undefined) await room.shown.forget(id);
  }

  async function end(turnId: string, place: Place): Promise<void> {
    await show(place, "active");
    await room.shown.forget(turnId);
  }

  /** What is to be taken away waits for as long as Slack asks; what is to be shown does not. */
  async function show(place: Place, status: Status): Promise<void> {
    const isDispensable = status === "processing";
    if ((await setStatus(place, status, isDispensable)) || place.messageTs === null) return;
    const message = { channel: place.channel, ts: place.messageTs };
    await react(room, isDispensable ? "reactions.add" : "reactions.remove", message, WORKING, { isDispensable });
  }

  /** True when Slack shows it. */
  async function setStatus(place: Place, status: Status, isDispensable: boolean): Promise<boolean> {
    if (place.threadTs === null || clock.steady() < noAgentUntil) return false;
    try {
      const session = { channel_id: place.channel, thread_ts: place.threadTs, status };
      const answer = await room.api.call<{ warning?: string }>("agents.sessions.setStatus", session, {
        isRepeatable: true,
        isDispensable,
      });
      if (answer.warning === "missing_agent_session_stopped_event_subscription") {
        room.options.log.warn("People have no stop button: subscribe the Slack app to agent_session_stopped.");
      }
      return true;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      noAgentUntil = clock.steady() + ASK_AGAIN_MS;
      room.options.log.info("This Slack app is no agent; progress is shown by a reaction.", { refusal });
      return false;
    }
  }

  async function offerStop({ view: { id }, ended }: Shown, place: Place): Promise<void> {
    const isStillWorking = await clock.sleep(OFFER_STOP_AFTER_MS, ended.signal).then(
      () => !ended.signal.aborted,
      () => false,
    );
    if (!isStillWorking || !(await isMine(id))) return;
    // Who waits for long in the queue may be offered it by one replica, and by another once that works on it.
    const isOffered = await room.options.lock(`slack offer ${id}`, () => room.memory.noteOffer(id));
    const own = shown.get(id);
    if (isOffered || own === undefined) return;
    await room.api.call("chat.postEphemeral", {
      channel: place.channel,
      user: place.user,
      ...(place.threadTs === null ? {} : { thread_ts: place.threadTs }),
      ...toStopOffer(id, own.view.detail, await localeOf(room, place.user)),
    });
  }

  /** False when the turn is over, or another replica works on it without this one having heard so. */
  async function isMine(turnId: string): Promise<boolean> {
    const now = await room.docent().turn(turnId);
    const own = shown.get(turnId);
    const isTaken = now?.state !== "queued" && own?.view.state === "queued";
    if (now !== undefined && !isFinal(now.state) && !isTaken) return true;
    leave(turnId);
    await room.shown.forget(turnId);
    return false;
  }
}

type Status = "processing" | "active";

interface Shown {
  view: TurnView;
  /** Aborted when this replica shows it no more. */
  readonly ended: AbortController;
  /** Something was shown of it that has to be taken away. */
  isSigned: boolean;
}
