import { checkBlocks } from "./blocks.ts";
import { requireMember, toFileJson } from "./chat-methods.ts";
import { refuse, textOf, toText } from "./http.ts";
import type { Method } from "./methods.ts";
import { findMessage, type Json, type World } from "./world.ts";

const STATUSES = ["active", "processing", "suspended", "closed"];
const TRIGGER_LIFE_MS = 3_000;

export const OTHER_METHODS: Readonly<Record<string, Method>> = {
  "auth.test": {
    scopes: [],
    run: (world) => ({
      url: "https://team.slack.com/",
      team: "Team",
      team_id: world.teamId,
      user: "docent",
      user_id: world.botUserId,
      bot_id: "B0DOCENT",
      is_enterprise_install: false,
    }),
  },
  "bots.info": {
    scopes: ["users:read"],
    run(world, args) {
      if (textOf(args, "bot") !== "B0DOCENT") refuse("bot_not_found");
      return { bot: { id: "B0DOCENT", name: "Docent", app_id: world.appId, user_id: world.botUserId } };
    },
  },
  "users.info": {
    scopes: ["users:read"],
    run(world, args) {
      const user = world.users.get(textOf(args, "user")) ?? refuse("user_not_found");
      return {
        user: {
          id: user.id,
          team_id: user.teamId,
          name: user.name,
          real_name: user.displayName,
          profile: { display_name: user.displayName, real_name: user.displayName },
          is_bot: user.isBot,
          is_admin: user.isAdmin,
          is_owner: user.isOwner,
          is_restricted: user.isRestricted,
          is_ultra_restricted: false,
          ...(user.isStranger ? { is_stranger: true } : {}),
          ...(args["include_locale"] === true ? { locale: user.locale } : {}),
        },
      };
    },
  },
  "files.info": {
    scopes: ["files:read"],
    run(world, args) {
      const id = textOf(args, "file");
      const file = world.files.get(id) ?? refuse("file_not_found");
      if (file.isDeleted) refuse("file_deleted");
      return { file: toFileJson(world, id) };
    },
  },
  "reactions.add": {
    scopes: ["reactions:write"],
    run(world, args) {
      const message = reactedTo(world, args);
      const name = textOf(args, "name");
      const who = message.reactions.get(name) ?? new Set<string>();
      if (who.has(world.botUserId)) refuse("already_reacted");
      message.reactions.set(name, who.add(world.botUserId));
      return {};
    },
  },
  "reactions.remove": {
    scopes: ["reactions:write"],
    run(world, args) {
      const message = reactedTo(world, args);
      const name = textOf(args, "name");
      const who = message.reactions.get(name);
      if (who?.delete(world.botUserId) !== true) return refuse("no_reaction");
      if (who.size === 0) message.reactions.delete(name);
      return {};
    },
  },
  "agents.sessions.setStatus": {
    scopes: ["chat:write"],
    run(world, args) {
      if (!world.options.isAgent) refuse("app_not_agent");
      if (!world.scopes.has("assistant:write")) refuse("missing_scope", { needed: "assistant:write" });
      const channel = requireMember(world, textOf(args, "channel_id"));
      const threadTs = textOf(args, "thread_ts");
      const status = textOf(args, "status");
      if (!STATUSES.includes(status)) refuse("invalid_status");
      if (findMessage(world, channel.id, threadTs) === undefined) refuse("thread_not_found");
      const key = `${channel.id}:${threadTs}`;
      const session = world.sessions.get(key) ?? { status, history: [] };
      session.status = status;
      session.history.push(status);
      world.sessions.set(key, session);
      const canStop = world.options.manifest.settings.event_subscriptions.bot_events.includes("agent_session_stopped");
      return { status, ...(canStop ? {} : { warning: "missing_agent_session_stopped_event_subscription" }) };
    },
  },
  "views.open": {
    scopes: [],
    run(world, args) {
      const issuedAt = world.triggers.get(textOf(args, "trigger_id"));
      if (issuedAt === undefined) return refuse("invalid_trigger_id");
      world.triggers.delete(textOf(args, "trigger_id"));
      if (Date.now() - issuedAt > TRIGGER_LIFE_MS) refuse("expired_trigger_id");
      const view = checkView(args["view"]);
      const id = world.nextId("V");
      world.views.set(id, { view: { ...view, id }, user: toText(args["user"] ?? ""), isOpen: true });
      world.changed();
      return { view: { ...view, id } };
    },
  },
  // Slack has retired these for new apps: `agent_view` replaces them.
  "assistant.threads.setStatus": { scopes: [], run: () => refuse("not_allowed") },
  "assistant.threads.setTitle": { scopes: [], run: () => refuse("not_allowed") },
  "assistant.threads.setSuggestedPrompts": { scopes: [], run: () => refuse("not_allowed") },
};

function reactedTo(world: World, args: Json): ReturnType<typeof findMessage> & object {
  const channel = world.channels.get(textOf(args, "channel")) ?? refuse("channel_not_found");
  if (!channel.members.has(world.botUserId)) refuse("not_in_channel");
  if (!/^[a-z0-9_+'-]+$/.test(textOf(args, "name"))) refuse("invalid_name");
  return findMessage(world, channel.id, textOf(args, "timestamp")) ?? refuse("message_not_found");
}

function checkView(view: unknown): Json {
  if (typeof view !== "object" || view === null) return refuse("invalid_arguments");
  const modal = view as Json;
  if (modal["type"] !== "modal") refuse("invalid_arguments");
  for (const key of ["title", "submit", "close"]) {
    const label = modal[key] as Json | undefined;
    if (key === "title" && label === undefined) refuse("invalid_arguments");
    if (label !== undefined && toText(label["text"]).length > 24) refuse("invalid_arguments");
  }
  if (toText(modal["private_metadata"] ?? "").length > 3_000) refuse("invalid_arguments");
  if (toText(modal["callback_id"] ?? "").length > 255) refuse("invalid_arguments");
  const blocks = checkBlocks(modal["blocks"], "modal");
  if (blocks.some(({ type }) => type === "input") && modal["submit"] === undefined) refuse("invalid_arguments");
  return modal;
}
