import { INTENT, type Route, type RouteCall } from "./context.ts";
import { ApiFault, invalidField, type Json } from "./fault.ts";
import { toUser } from "./views.ts";

/** Application flags of the privileged intents, for apps in fewer than 100 servers (resources/application.mdx). */
const LIMITED_FLAGS = [
  [INTENT.guildPresences, 1 << 13],
  [INTENT.guildMembers, 1 << 15],
  [INTENT.messageContent, 1 << 19],
] as const;
const NAME = /^[-_\p{L}\p{N}\p{sc=Devanagari}\p{sc=Thai}]{1,32}$/u;
const MAX_SLASH_COMMANDS = 100;
const MAX_MESSAGE_COMMANDS = 15;
const MAX_COMMAND_CHARACTERS = 8000;

export const APPLICATION_ROUTES: readonly Route[] = [
  { method: "GET", path: "/gateway/bot", handle: gateway },
  { method: "GET", path: "/users/@me", handle: me },
  { method: "GET", path: "/applications/@me", handle: application },
  { method: "GET", path: "/oauth2/applications/@me", handle: application },
  { method: "GET", path: "/applications/:application/commands", handle: listCommands },
  { method: "PUT", path: "/applications/:application/commands", handle: replaceCommands },
];

function gateway({ context }: RouteCall): { status: number; json: unknown } {
  return {
    status: 200,
    json: {
      url: context.gatewayUrl(),
      shards: context.shards,
      session_start_limit: {
        total: 1000,
        remaining: context.remainingIdentifies(),
        reset_after: 86_400_000,
        max_concurrency: context.maxConcurrency,
      },
    },
  };
}

function me({ context }: RouteCall): { status: number; json: unknown } {
  return { status: 200, json: toUser(context.state.users.get(context.state.app.botId)) };
}

function application({ context }: RouteCall): { status: number; json: unknown } {
  const { app } = context.state;
  const flags = LIMITED_FLAGS.reduce(
    (sum, [intent, flag]) => ((app.grantedIntents & intent) === 0 ? sum : sum | flag),
    0,
  );
  const bot = toUser(context.state.users.get(app.botId));
  const settings = { interactions_endpoint_url: app.interactionsUrl, bot_require_code_grant: app.requiresCodeGrant };
  return {
    status: 200,
    json: { id: app.id, name: "Docent", description: "", flags, bot_public: true, bot, ...settings },
  };
}

function listCommands({ context, params }: RouteCall): { status: number; json: unknown } {
  own(context.state.app.id, params);
  return { status: 200, json: context.state.app.commands };
}

/** Replaces all; a command keeps its id by its name, and gets a new version when it changed. */
function replaceCommands({ context, params, body }: RouteCall): { status: number; json: unknown } {
  const { app, nextId } = context.state;
  own(app.id, params);
  if (!Array.isArray(body)) throw invalidField("_", "LIST_TYPE_CONVERT", "Only iterables may be used.");
  const given = body as readonly Json[];
  for (const command of given) checkCommand(command);
  const ofType = (type: number): number => given.filter((command) => (command["type"] ?? 1) === type).length;
  if (ofType(1) > MAX_SLASH_COMMANDS || ofType(3) > MAX_MESSAGE_COMMANDS) {
    throw invalidField("_", "BASE_TYPE_MAX_LENGTH", "Maximum number of application commands reached.");
  }
  app.commands = given.map((command) => ({
    ...command,
    type: command["type"] ?? 1,
    name: String(command["name"]),
    application_id: app.id,
    id: app.commands.find(({ name }) => name === command["name"])?.id ?? nextId(),
    version: nextId(),
  }));
  app.commandWrites += 1;
  context.changed();
  return { status: 200, json: app.commands };
}

function own(applicationId: string, params: RouteCall["params"]): void {
  if (params["application"] !== applicationId) throw new ApiFault(0, { status: 403, message: "Not your application" });
}

/** Names, descriptions and options as interactions/application-commands.mdx has them. */
function checkCommand(command: Json): void {
  const { name, description = "", type = 1 } = command;
  const wrong = (message: string): ApiFault => invalidField("_", "APPLICATION_COMMAND_INVALID", message);
  if (type === 3) {
    if (typeof name !== "string" || name.length === 0 || name.length > 32) throw wrong("name: 1 to 32 characters.");
    if (description !== "") throw wrong("A message command has no description.");
    return;
  }
  checkOptions([command], 0);
  if (textLength(command) > MAX_COMMAND_CHARACTERS) throw wrong("A command has at most 8000 characters.");

  function checkOptions(list: readonly Json[], depth: number): void {
    if (list.length > 25) throw wrong("At most 25 options.");
    let isOptionalSeen = false;
    for (const option of list) {
      const each = String(option["name"]);
      if (!NAME.test(each) || each !== each.toLowerCase()) throw wrong(`The name ${each} is not allowed.`);
      for (const [language, text] of [
        ["", option["description"]],
        ...Object.entries((option["description_localizations"] ?? {}) as Json),
      ] as const) {
        if (typeof text !== "string" || text.length === 0 || text.length > 100) {
          throw wrong(`${each}: a description has 1 to 100 characters (${language}).`);
        }
      }
      if (depth > 0 && Number(option["type"]) > 2) {
        if (option["required"] === true && isOptionalSeen) throw wrong("Required options come first.");
        isOptionalSeen ||= option["required"] !== true;
      }
      checkOptions((option["options"] ?? []) as readonly Json[], depth + 1);
    }
  }
}

function textLength(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, each) => sum + textLength(each), 0);
}
