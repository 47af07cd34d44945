import { randomUUID } from "node:crypto";
import type { Document } from "../../core/document.ts";
import type { Docent } from "../../core/ports/docent.ts";
import type { LoggedMessage, MessageLog } from "../../core/ports/stores.ts";
import type { Bulletin, Log } from "../../core/ports/system.ts";
import type { TurnView } from "../../core/turn.ts";
import { toChannelName } from "./channel-name.ts";
import type { EventHub } from "./event-hub.ts";
import { toDocumentView, toMessageView, toTurnJson } from "./views.ts";

const TOPIC = "web";
/** A message that was said elsewhere is among the latest of its channel. */
const LATEST = 50;

/** What other replicas are told. A message goes by its id: it may be long, and all of them can read it. */
type Announcement =
  | { readonly kind: "turn"; readonly channel: string; readonly turn: object }
  | { readonly kind: "message"; readonly channel: string; readonly id: string }
  | { readonly kind: "document"; readonly document: Document; readonly isRemoved: boolean }
  | { readonly kind: "forgotten"; readonly channel: string | null };

/** Tells open pages what happens, those at other replicas too. */
export interface Announcer {
  turn(turn: TurnView): void;
  message(message: LoggedMessage, turn: TurnView | null): void;
  document(document: Document, isRemoved: boolean): void;
  /** Texts are gone: of one channel, or with null perhaps of any. */
  forgotten(channel: string | null): void;
  stop(): void;
}

export function createAnnouncer(deps: {
  readonly hub: EventHub;
  readonly bulletin: Bulletin;
  readonly messages: MessageLog;
  readonly docent: () => Docent;
  readonly log: Log;
}): Announcer {
  const { hub, bulletin, messages, log } = deps;
  const self = randomUUID();
  // One after the other, as they were said.
  let before: Promise<void> = Promise.resolve();
  const end = bulletin.subscribe(TOPIC, (message) => {
    const { from, said } = message as { from: string; said: Announcement };
    if (from === self || hub.size === 0) return;
    before = before
      .then(() => repeat(said))
      .catch((error: unknown) => log.debug("web: what happened elsewhere could not be shown", { error }));
  });

  function tell(said: Announcement): void {
    bulletin.publish(TOPIC, { from: self, said });
  }

  async function repeat(said: Announcement): Promise<void> {
    if (said.kind === "turn") hub.publish(said.channel, "turn", () => said.turn);
    else if (said.kind === "document") showDocument(said.document, said.isRemoved);
    else if (said.kind === "forgotten") showForgotten(said.channel);
    else if (hub.isHeard(said.channel)) {
      const message = (await messages.list(said.channel, { limit: LATEST })).find(({ id }) => id === said.id);
      if (message !== undefined) showMessage(message, await turnOf(message));
    }
  }

  async function turnOf({ turnId }: LoggedMessage): Promise<TurnView | null> {
    return turnId === null ? null : ((await deps.docent().turn(turnId)) ?? null);
  }

  function showMessage(message: LoggedMessage, turn: TurnView | null): void {
    hub.publish(message.channel, "message", () => toMessageView(message, turn));
  }

  function showDocument(document: Document, isRemoved: boolean): void {
    const channel = document.scope.kind === "channel" ? document.scope.key : null;
    hub.publish(channel, "document", (locale) => ({ ...toDocumentView(document, locale), removed: isRemoved }));
  }

  function showForgotten(channel: string | null): void {
    hub.publish(channel, "forgotten", () => ({ channel: channel === null ? null : toChannelName(channel) }));
  }

  return {
    turn(turn) {
      hub.publish(turn.channel, "turn", () => toTurnJson(turn));
      tell({ kind: "turn", channel: turn.channel, turn: toTurnJson(turn) });
    },
    message(message, turn) {
      showMessage(message, turn);
      tell({ kind: "message", channel: message.channel, id: message.id });
    },
    document(document, isRemoved) {
      showDocument(document, isRemoved);
      // Where its bytes lie is nobody's business who only shows it.
      tell({ kind: "document", document: { ...document, reference: null }, isRemoved });
    },
    forgotten(channel) {
      showForgotten(channel);
      tell({ kind: "forgotten", channel });
    },
    stop: end,
  };
}
