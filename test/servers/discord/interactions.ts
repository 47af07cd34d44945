import { randomBytes } from "node:crypto";
import { INTENT, type ServerContext } from "./context.ts";
import type { Json } from "./fault.ts";
import type { People, PostedFile } from "./people.ts";
import type { Channel, Interaction, Message, User } from "./state.ts";
import { toAppPermissions, toAttachment, toChannel, toMember, toMessage, toUser } from "./views.ts";

export interface AskOptions {
  /** The language of the person's client. */
  readonly locale?: string;
}

/** What people do with the bot's own controls. */
export interface Controls {
  /** `/docent <path> …`, e.g. `["knowledge", "add"]`; refused when no such command is registered. */
  slash(
    user: User,
    channel: Channel,
    path: readonly string[],
    values?: Readonly<Record<string, string | PostedFile>>,
    options?: AskOptions,
  ): Interaction;
  messageCommand(user: User, message: Message, name: string, options?: AskOptions): Interaction;
  /** Presses the button with this label under a message. */
  press(user: User, message: Message, label: string, options?: AskOptions): Interaction;
  /** Fills in the modal that an interaction opened. */
  submit(user: User, opened: Interaction, values: Readonly<Record<string, string>>, options?: AskOptions): Interaction;
}

const OPTION = { subcommand: 1, group: 2, text: 3, attachment: 11 } as const;

export function createControls(context: ServerContext, people: People): Controls {
  const { state } = context;

  function send(
    type: number,
    user: User,
    channelId: string,
    data: Json,
    options: AskOptions & { message?: Message },
  ): Interaction {
    const channel = state.channels.get(channelId);
    if (channel === undefined) throw new Error("No such channel.");
    const guild = state.guilds.get(channel.guildId ?? "");
    const interaction: Interaction = {
      id: state.nextId(),
      token: randomBytes(48).toString("base64url"),
      type,
      userId: user.id,
      channelId,
      createdAt: context.now(),
      sourceMessageId: options.message?.id ?? null,
      answeredWith: null,
      isEphemeral: false,
      responseId: null,
      modal: null,
    };
    state.interactions.set(interaction.id, interaction);
    const who =
      guild === undefined
        ? { user: toUser(user), context: 1 }
        : {
            member: { ...toMember(guild, user.id, { withPermissions: true }), user: toUser(user) },
            guild_id: guild.id,
            guild: { id: guild.id, locale: guild.preferredLocale, features: [] },
            guild_locale: guild.preferredLocale,
            context: 0,
          };
    context.dispatch({
      name: "INTERACTION_CREATE",
      intents: 0,
      guildId: channel.guildId,
      data: () => ({
        id: interaction.id,
        application_id: state.app.id,
        type,
        token: interaction.token,
        version: 1,
        channel_id: channelId,
        channel: toChannel(state, channel),
        app_permissions: toAppPermissions(state, channel),
        locale: options.locale ?? "en-US",
        entitlements: [],
        authorizing_integration_owners: {},
        attachment_size_limit: 10_485_760,
        ...who,
        data,
        ...(options.message === undefined
          ? {}
          : { message: toMessage(context, options.message, { intents: INTENT.messageContent, isGateway: false }) }),
      }),
    });
    context.changed();
    return interaction;
  }

  function commandNamed(name: string, type: number): Json & { readonly id: string } {
    const command = state.app.commands.find((each) => each.name === name && each["type"] === type);
    if (command === undefined) throw new Error(`No command “${name}” is registered.`);
    return command;
  }

  return {
    slash(user, channel, path, values = {}, options = {}) {
      const command = commandNamed("docent", 1);
      let level = (command["options"] ?? []) as readonly Json[];
      for (const [index, name] of path.entries()) {
        const found = level.find((option) => option["name"] === name);
        if (found === undefined) throw new Error(`/docent has no ${path.slice(0, index + 1).join(" ")}.`);
        level = (found["options"] ?? []) as readonly Json[];
      }
      const missing = level.filter(({ name, required }) => required === true && values[String(name)] === undefined);
      if (missing.length > 0)
        throw new Error(`/docent ${path.join(" ")}: ${String(missing[0]?.["name"])} is required.`);
      const attachments: Record<string, Json> = {};
      const given = Object.entries(values).map(([name, value]) => {
        const option = level.find((each) => each["name"] === name);
        if (option === undefined) throw new Error(`/docent ${path.join(" ")} has no option ${name}.`);
        if (typeof value === "string") return { name, type: OPTION.text, value };
        const file = people.upload(value, { isEphemeral: true });
        context.cdn.keep(file);
        attachments[file.id] = toAttachment(context.cdn.urlOf(channel.id, file), file);
        return { name, type: OPTION.attachment, value: file.id };
      });
      const leaf = { name: path.at(-1), type: OPTION.subcommand, options: given };
      const tree = path.length === 1 ? leaf : { name: path[0], type: OPTION.group, options: [leaf] };
      const data = { id: command.id, name: "docent", type: 1, options: [tree], resolved: { attachments } };
      return send(2, user, channel.id, data, options);
    },
    messageCommand(user, message, name, options = {}) {
      const command = commandNamed(name, 3);
      // The target of a message command is always shown whole.
      const target = toMessage(context, message, { intents: INTENT.messageContent, isGateway: false });
      const data = {
        id: command.id,
        name,
        type: 3,
        target_id: message.id,
        resolved: { messages: { [message.id]: target } },
      };
      return send(2, user, message.channelId, data, options);
    },
    press(user, message, label, options = {}) {
      const buttons = message.components.flatMap((row) => row["components"] as readonly Json[]);
      const button = buttons.find((each) => each["label"] === label && each["disabled"] !== true);
      if (button === undefined || (message.onlyFor !== null && message.onlyFor !== user.id)) {
        throw new Error(`Nobody can press “${label}” here.`);
      }
      const data = { custom_id: button["custom_id"], component_type: 2 };
      return send(3, user, message.channelId, data, { ...options, message });
    },
    submit(user, opened, values, options = {}) {
      if (opened.modal === null || opened.userId !== user.id) throw new Error("No modal is open.");
      const labels = opened.modal["components"] as readonly Json[];
      const components = labels.map((label) => {
        const input = label["component"] as Json;
        const value = values[String(input["custom_id"])] ?? "";
        if (value === "" && input["required"] !== false) throw new Error("A required field is empty.");
        return { type: 18, id: 1, component: { type: 4, id: 2, custom_id: input["custom_id"], value } };
      });
      return send(5, user, opened.channelId, { custom_id: opened.modal["custom_id"], components }, options);
    },
  };
}
