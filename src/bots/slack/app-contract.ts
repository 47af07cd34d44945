/**
 * What the Slack app must be granted for this code to work. `slack-manifest.json` says the same to Slack, and
 * a test holds the two together.
 */

export const COMMAND = "/docent";

export const CALLBACKS = { askAbout: "docent_ask_about", addKnowledge: "docent_add_knowledge" } as const;

export const ACTIONS = {
  feedback: "docent_feedback",
  retry: "docent_retry",
  stop: "docent_stop",
  /** Followed by a number: an action id stands once in a message. */
  command: "docent_command_",
} as const;

/** Methods of the Web API and the bot scopes that they need, by docs.slack.dev/reference/methods. */
export const METHODS = {
  "agents.sessions.setStatus": ["assistant:write", "chat:write"],
  "auth.test": [],
  "bots.info": ["users:read"],
  "chat.delete": ["chat:write"],
  "chat.postEphemeral": ["chat:write"],
  "chat.postMessage": ["chat:write"],
  "conversations.history": ["channels:history", "groups:history", "im:history", "mpim:history"],
  "conversations.info": ["channels:read", "groups:read", "im:read", "mpim:read"],
  "conversations.open": ["im:write"],
  "conversations.replies": ["channels:history", "groups:history", "im:history", "mpim:history"],
  "files.info": ["files:read"],
  "reactions.add": ["reactions:write"],
  "reactions.remove": ["reactions:write"],
  "users.conversations": ["channels:read", "groups:read"],
  "users.info": ["users:read"],
  "views.open": [],
} as const;

export type SlackMethod = keyof typeof METHODS;

/** Events and their scopes, by docs.slack.dev/reference/events; `agent_session_stopped`: second-hand only. */
export const EVENTS = {
  agent_session_stopped: ["assistant:write"],
  app_mention: ["app_mentions:read"],
  app_uninstalled: [],
  channel_deleted: ["channels:read"],
  file_deleted: ["files:read"],
  group_deleted: ["groups:read"],
  "message.channels": ["channels:history"],
  "message.groups": ["groups:history"],
  "message.im": ["im:history"],
  "message.mpim": ["mpim:history"],
  tokens_revoked: [],
} as const;

/** Scopes without which Docent still answers, but does something less. */
export const OPTIONAL_SCOPES: Readonly<Record<string, string>> = {
  "assistant:write": "progress is shown by a reaction, and people have no stop button of Slack's",
  commands: `${COMMAND} and the shortcuts do not work`,
  "im:write": "answers that cannot be posted in their channel cannot be sent as a direct message",
  "mpim:read": "group messages cannot be told from channels",
  "reactions:write": "progress and noted files are not shown",
};

/** Every scope that something here needs. */
export function neededScopes(): readonly string[] {
  const all = [...Object.values(METHODS).flat(), ...Object.values(EVENTS).flat(), "commands"];
  return [...new Set(all)].toSorted();
}
