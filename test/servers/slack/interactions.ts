import { toText } from "./http.ts";
import { elementsOf } from "./blocks.ts";
import { toMessageJson } from "./chat-methods.ts";
import type { Deliveries, Delivery } from "./deliveries.ts";
import { toMessageEvent } from "./events.ts";
import { findMessage, type Json, type SlackMessage, type World } from "./world.ts";

const RESPONSE_URL_LIFE_MS = 30 * 60_000;

/** What people do with commands, buttons, shortcuts and modals. */
export interface Interactions {
  command(act: { user: string; channel: string; text: string; command?: string }): Delivery;
  /** Presses a button of a message by its label; of feedback buttons, either one. */
  press(act: { user: string; message: SlackMessage; label: string }): Delivery;
  messageShortcut(act: { user: string; channel: string; ts: string; callbackId: string }): Delivery;
  /** Closes a modal without submitting it; the app hears of it when the modal asks for that. */
  dismiss(act: { user: string; viewId: string }): Delivery | null;
  /** Fills in a modal and submits it: values by block id. */
  submit(act: { user: string; viewId: string; values: Readonly<Record<string, string>> }): Delivery;
}

export function createInteractions(world: World, deliveries: Deliveries): Interactions {
  const { manifest } = world.options;
  const newTrigger = (): string => {
    const id = world.nextId("trigger.");
    world.triggers.set(id, Date.now());
    return id;
  };
  const newResponseUrl = (channel: string, user: string, message?: SlackMessage): string => {
    const id = world.nextId("R");
    const { now } = world.options;
    world.responseUrls.set(id, {
      channel,
      user,
      threadTs: message?.threadTs ?? null,
      messageTs: message?.ts ?? null,
      expiresAt: now() + RESPONSE_URL_LIFE_MS,
      uses: 0,
    });
    return `${world.url}/response/${id}`;
  };
  const common = (user: string): Json => ({
    team: { id: world.teamId, domain: "team" },
    user: { id: user, username: world.users.get(user)?.name, team_id: world.teamId },
    api_app_id: world.appId,
    token: "verification",
  });

  return {
    command({ user, channel, text, command = "/docent" }) {
      if (!manifest.features.slash_commands.some((one) => one.command === command)) {
        throw new Error(`${command} is not in the manifest.`);
      }
      return deliveries.deliver("slash_commands", {
        token: "verification",
        team_id: world.teamId,
        team_domain: "team",
        channel_id: channel,
        channel_name: world.channels.get(channel)?.name ?? "directmessage",
        user_id: user,
        user_name: world.users.get(user)?.name ?? user,
        command,
        text,
        api_app_id: world.appId,
        is_enterprise_install: "false",
        response_url: newResponseUrl(channel, user),
        trigger_id: newTrigger(),
      });
    },
    press({ user, message, label }) {
      const found = message.blocks.flatMap((block) =>
        elementsOf(block).flatMap((element) => actionsOf(element).map((action) => ({ block, ...action }))),
      );
      const pressed = found.find((one) => one.label === label);
      if (pressed === undefined) {
        throw new Error(`There is no button “${label}”; there are: ${found.map((one) => one.label).join(", ")}.`);
      }
      const { channel, ts, threadTs, ephemeralTo } = message;
      return deliveries.deliver("interactive", {
        type: "block_actions",
        ...common(user),
        container: {
          type: "message",
          message_ts: ts,
          channel_id: channel,
          is_ephemeral: ephemeralTo !== null,
          ...(threadTs === null ? {} : { thread_ts: threadTs }),
        },
        channel: { id: channel, name: world.channels.get(channel)?.name ?? "" },
        ...(ephemeralTo === null ? { message: toMessageJson(world, message) } : {}),
        ...(threadTs === null ? {} : { thread_ts: threadTs }),
        actions: [{ ...pressed.action, block_id: pressed.block["block_id"] ?? "b1", action_ts: world.nextTs() }],
        trigger_id: newTrigger(),
        response_url: newResponseUrl(channel, user, message),
      });
    },
    messageShortcut({ user, channel, ts, callbackId }) {
      const message = findMessage(world, channel, ts);
      const found = world.channels.get(channel);
      if (message === undefined || found === undefined) throw new Error("There is no such message.");
      if (!manifest.features.shortcuts.some((one) => one.callback_id === callbackId && one.type === "message")) {
        throw new Error(`The shortcut ${callbackId} is not in the manifest.`);
      }
      const { channel: _, channel_type: __, event_ts: ___, ...shown } = toMessageEvent(world, message, found);
      return deliveries.deliver("interactive", {
        type: "message_action",
        ...common(user),
        callback_id: callbackId,
        channel: { id: channel, name: found.name },
        message_ts: ts,
        message: shown,
        action_ts: world.nextTs(),
        trigger_id: newTrigger(),
        response_url: newResponseUrl(channel, user),
      });
    },
    dismiss({ user, viewId }) {
      const opened = world.views.get(viewId);
      if (opened === undefined || !opened.isOpen) throw new Error(`The modal ${viewId} is not open.`);
      opened.isOpen = false;
      if (opened.view["notify_on_close"] !== true) return null;
      return deliveries.deliver("interactive", { type: "view_closed", ...common(user), view: opened.view });
    },
    submit({ user, viewId, values }) {
      const opened = world.views.get(viewId);
      if (opened === undefined || !opened.isOpen) throw new Error(`The modal ${viewId} is not open.`);
      const blocks = opened.view["blocks"] as readonly Json[];
      const state = Object.fromEntries(
        blocks.flatMap((block) => {
          const [input] = elementsOf(block);
          if (block["type"] !== "input" || input === undefined) return [];
          const value = values[toText(block["block_id"])] ?? null;
          if (value === null && block["optional"] !== true) throw new Error("A required field is empty.");
          return [[block["block_id"], { [toText(input["action_id"])]: { type: input["type"], value } }]];
        }),
      );
      const delivery = deliveries.deliver("interactive", {
        type: "view_submission",
        ...common(user),
        view: { ...opened.view, state: { values: state } },
        trigger_id: newTrigger(),
        response_urls: [],
      });
      // An acknowledged modal closes, unless the answer names errors.
      const forget = world.onChange(() => {
        if (delivery.state === "under-way") return;
        forget();
        opened.isOpen = delivery.state !== "acked" || delivery.answer?.["response_action"] === "errors";
      });
      return delivery;
    },
  };
}

function actionsOf(element: Json): readonly { readonly label: string; readonly action: Json }[] {
  const label = (text: unknown): string => toText((text as Json | undefined)?.["text"] ?? "");
  const { action_id: actionId, type, text, value } = element;
  if (type === "button") return [{ label: label(text), action: { action_id: actionId, type, text, value } }];
  if (type !== "feedback_buttons") return [];
  return ["positive_button", "negative_button"].map((key) => {
    const button = element[key] as Json;
    return { label: label(button["text"]), action: { action_id: actionId, type, value: button["value"] } };
  });
}
