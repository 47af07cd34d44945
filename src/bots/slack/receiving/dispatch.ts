import type { TurnView } from "../../../core/turn.ts";
import type {
  BlockActions,
  ChangeEvent,
  EventEnvelope,
  Handled,
  MessageAction,
  Payload,
  SlackEvent,
  SlashCommand,
  ViewSubmission,
} from "../payloads.ts";
import type { Room } from "../room.ts";
import { takeAction } from "./take-action.ts";
import { takeCommand } from "./take-command.ts";
import { takeChannelDeleted, takeFileDeleted, takeMessageDeleted } from "./take-deletion.ts";
import { takeMessage } from "./take-message.ts";
import { takeMessageAction, takeViewSubmission } from "./take-shortcut.ts";

export type Dispatch = (payload: Payload) => Promise<Handled>;

/**
 * Everything that Slack tells, by Socket Mode or by HTTP. Resolves when what must not be lost is stored: only then Slack
 * gets its acknowledgement. A rejection means that it must get none, so that it delivers again.
 */
export function createDispatch(room: Room, showTurn: (turn: TurnView) => Promise<void>): Dispatch {
  return async (payload) => {
    // Before anything else: nothing is accepted before `start` and after `stop`.
    room.docent();
    if (typeof payload["command"] === "string")
      return await takeCommand(room, payload as unknown as SlashCommand, showTurn);
    // The payload came over an authenticated way; its shape is Slack's promise.
    switch (payload["type"]) {
      case "event_callback":
        await takeEvent(payload as unknown as EventEnvelope);
        return {};
      case "block_actions":
        return await takeAction(room, payload as unknown as BlockActions);
      case "message_action":
        return await takeMessageAction(room, payload as unknown as MessageAction);
      case "view_submission":
        return await takeViewSubmission(room, payload as unknown as ViewSubmission, showTurn);
      case "view_closed":
        await room.memory.dropTarget((payload as unknown as ViewSubmission).view.private_metadata ?? "");
        return {};
      case "app_rate_limited":
        room.options.metrics.count("slack_app_rate_limited_total");
        room.options.log.warn("Slack drops events: more than 30,000 in an hour for this app and workspace.");
        return {};
      default:
        return {};
    }
  };

  async function takeEvent(envelope: EventEnvelope): Promise<void> {
    const { event } = envelope;
    switch (event.type) {
      case "message":
      case "app_mention":
        return await takeAnyMessage(event as unknown as ChangeEvent, envelope.is_ext_shared_channel);
      case "file_deleted":
        return await takeFileDeleted(room, text(event, "file_id"));
      case "channel_deleted":
      case "group_deleted":
        return await takeChannelDeleted(room, text(event, "channel"));
      case "agent_session_stopped":
        return await stopSession(text(event, "channel"), text(event, "thread_ts"));
      case "app_uninstalled":
        await room.docent().forgetWorkspace(`slack:${room.identity().teamId}`);
        return room.revoked("The app was removed from the workspace.");
      case "tokens_revoked":
        return takeRevoked(event);
    }
  }

  async function takeAnyMessage(event: ChangeEvent, isShared: boolean | undefined): Promise<void> {
    // A deleted message that has replies leaves a tombstone: Slack tells that as a change.
    const isTombstone = event.subtype === "message_changed" && event.message?.subtype === "tombstone";
    if (event.subtype === "message_deleted" || isTombstone) return await takeMessageDeleted(room, event);
    await takeMessage(room, event, { isShared, showTurn });
  }

  /** Slack stops what it streams and nothing else: the run and the status are ours (facts S5). */
  async function stopSession(channel: string, threadTs: string): Promise<void> {
    for (const turnId of await room.memory.turnsOf(channel, threadTs)) await room.docent().cancel(turnId);
  }

  function takeRevoked(event: SlackEvent): void {
    const tokens = event["tokens"] as { readonly bot?: readonly string[] } | undefined;
    if (tokens?.bot?.includes(room.identity().botUserId) === true) room.revoked("The bot's token was revoked.");
  }
}

function text(event: SlackEvent, name: string): string {
  const value = event[name];
  return typeof value === "string" ? value : "";
}
