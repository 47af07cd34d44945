import type { Document } from "../../core/document.ts";
import { isFinal, type TurnView } from "../../core/turn.ts";
import { createKeyedLock } from "../../core/keyed-lock.ts";
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
  /** Turns that are shown as under way; the signal ends with the turn. */
  const shown = new Map<string, AbortController>();
  /** What each of them is doing, for whoever waits long. */
  const details = new Map<string, string | null>();
  /** The reaction that a message with noted files has. */
  const noted = new Map<string, string>();
  let noAgentUntil = 0;
  let isStopped = false;

  return {
    showTurn(turn) {
      const { id, replyTo } = turn;
      // What is shown now would be waited for by nobody.
      if (isStopped) return Promise.resolve();
      if (isFinal(turn.state)) details.delete(id);
      else details.set(id, turn.detail);
      if (!isReplyTo(replyTo) || (!isFinal(turn.state) && shown.has(id))) return Promise.resolve();
      if (isFinal(turn.state)) {
        shown.get(id)?.abort();
        shown.delete(id);
      } else {
        shown.set(id, new AbortController());
      }
      room.background("show progress", () =>
        lock(id, async () => {
          const place = await sender.place(replyTo);
          if (isFinal(turn.state)) await end(id, place);
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
      for (const { turnId, place } of await room.memory.shownTurns()) {
        const turn = await room.docent().turn(turnId);
        if (turn === undefined || isFinal(turn.state)) await lock(turnId, () => end(turnId, place));
      }
    },
    stop() {
      isStopped = true;
      for (const controller of shown.values()) controller.abort();
      shown.clear();
    },
  };

  async function begin(turn: TurnView, place: Place): Promise<void> {
    if (place.threadTs !== null) await room.memory.rememberTurn(place.channel, place.threadTs, turn.id);
    if (!shown.has(turn.id)) return;
    await room.memory.rememberShown({ turnId: turn.id, place });
    if (!(await setStatus(place, "processing"))) await react("reactions.add", place, WORKING);
    const ended = shown.get(turn.id)?.signal;
    if (ended !== undefined) room.background("offer to stop", () => offerStop(turn.id, place, ended));
  }

  async function end(turnId: string, place: Place): Promise<void> {
    if (!(await setStatus(place, "active"))) await react("reactions.remove", place, WORKING);
    await room.memory.forgetShown(turnId);
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

  async function offerStop(turnId: string, place: Place, ended: AbortSignal): Promise<void> {
    const isStillWorking = await clock.sleep(OFFER_STOP_AFTER_MS, ended).then(
      () => !ended.aborted,
      () => false,
    );
    if (!isStillWorking) return;
    await room.api.call("chat.postEphemeral", {
      channel: place.channel,
      user: place.user,
      ...(place.threadTs === null ? {} : { thread_ts: place.threadTs }),
      ...toStopOffer(turnId, details.get(turnId) ?? null, await localeOf(room, place.user)),
    });
  }
}
