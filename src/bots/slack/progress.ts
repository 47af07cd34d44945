import type { Document } from "../../core/document.ts";
import { isFinal, type TurnView } from "../../core/turn.ts";
import { createKeyedLock } from "../../core/keyed-lock.ts";
import { createTurnSigns } from "../../core/turn-signs.ts";
import { toStopOffer } from "./message-blocks.ts";
import { isFileReference, isReplyTo, type Place } from "./reply-to.ts";
import { localeOf, type Room } from "./room.ts";
import type { Sender } from "./send-message.ts";
import { refusalOf } from "./slack-api.ts";

const WORKING = "hourglass_flowing_sand";
const NOTED = "page_facing_up";
const REFUSED = "warning";
/** Whoever waits that long may want to stop it. Slack's own stop button is there from the start. */
const OFFER_STOP_AFTER_MS = 10_000;
/** An app that Slack does not take for an agent now may be declared one later. */
const ASK_AGAIN_MS = 10 * 60_000;

export interface Progress {
  showTurn(turn: TurnView): Promise<void>;
  showDocument(document: Document, event: "changed" | "removed"): Promise<void>;
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
  /** Turns that are shown as under way, as they were last told. */
  const shown = new Map<string, Shown>();
  /** Another replica works on it, and offers to stop it; what stands there it takes away. */
  const signs = createTurnSigns(room.options.bulletin, "slack.turns", ({ turnId }) => {
    leave(turnId);
    room.background("leave a turn to another replica", () => room.shown.forget(turnId));
  });
  /** The reaction that a message with noted files has. */
  const noted = new Map<string, string>();
  let noAgentUntil = 0;
  let isStopped = false;

  return {
    showTurn(turn) {
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
      if (!isOver && known !== undefined) return Promise.resolve();
      if (isOver) leave(id);
      else shown.set(id, { view: turn, ended: new AbortController() });
      room.background("show progress", () =>
        lock(id, async () => {
          const place = await sender.place(replyTo);
          if (isOver) await end(id, place);
          else await begin(turn, place);
        }),
      );
      return Promise.resolve();
    },
    showDocument(document, event) {
      const { reference, state, id } = document;
      if (!isFileReference(reference) || !reference.isNote) return Promise.resolve();
      const wanted = event === "removed" ? null : state === "failed" ? REFUSED : NOTED;
      room.background("show a document", () => lock(id, () => mark(reference, wanted)));
      return Promise.resolve();
    },
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
      for (const { ended } of shown.values()) ended.abort();
      shown.clear();
    },
  };

  function leave(turnId: string): void {
    shown.get(turnId)?.ended.abort();
    shown.delete(turnId);
  }

  async function hasEnded(turnId: string): Promise<boolean> {
    const turn = await room.docent().turn(turnId);
    return turn === undefined || isFinal(turn.state);
  }

  async function begin(turn: TurnView, place: Place): Promise<void> {
    if (place.threadTs !== null) await room.memory.rememberTurn(place.channel, place.threadTs, turn.id);
    if (!shown.has(turn.id)) return;
    await room.shown.remember({ turnId: turn.id, place });
    if (!(await setStatus(place, "processing"))) await react("reactions.add", place, WORKING);
    // Another replica may have answered meanwhile, and found no sign to take away.
    if (await hasEnded(turn.id)) {
      leave(turn.id);
      return await end(turn.id, place);
    }
    const own = shown.get(turn.id);
    // It is another replica's by now, whose list it is on as well.
    if (own === undefined) return await room.shown.forget(turn.id);
    room.background("offer to stop", () => offerStop(own, place));
  }

  async function end(turnId: string, place: Place): Promise<void> {
    if (!(await setStatus(place, "active"))) await react("reactions.remove", place, WORKING);
    await room.shown.forget(turnId);
  }

  /** True when Slack shows it. */
  async function setStatus(place: Place, status: "processing" | "active"): Promise<boolean> {
    if (place.threadTs === null || clock.steady() < noAgentUntil) return false;
    try {
      const session = { channel_id: place.channel, thread_ts: place.threadTs, status };
      const answer = await room.api.call<{ warning?: string }>("agents.sessions.setStatus", session, {
        isRepeatable: true,
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

  async function react(method: "reactions.add" | "reactions.remove", place: Place, name: string): Promise<void> {
    if (place.messageTs === null) return;
    try {
      await room.api.call(method, { channel: place.channel, timestamp: place.messageTs, name }, { isRepeatable: true });
    } catch (error) {
      // `already_reacted` and `no_reaction` are what was wanted; the rest only shows less.
      if (refusalOf(error) === null) throw error;
    }
  }

  async function mark(reference: { channel: string; ts: string }, wanted: string | null): Promise<void> {
    const { channel, ts } = reference;
    const key = `${channel}:${ts}`;
    const has = noted.get(key);
    if (has === wanted) return;
    const place = { channel, messageTs: ts, threadTs: null, user: "" };
    // After a restart it is not known which reaction stands there.
    const others = [NOTED, REFUSED].filter(
      (name) => name !== wanted && (has === undefined ? wanted !== NOTED : name === has),
    );
    for (const name of others) await react("reactions.remove", place, name);
    if (wanted === null) noted.delete(key);
    else {
      await react("reactions.add", place, wanted);
      noted.set(key, wanted);
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

interface Shown {
  view: TurnView;
  /** Aborted when this replica shows it no more. */
  readonly ended: AbortController;
}
