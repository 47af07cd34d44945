import { readFileSync } from "node:fs";
import { createFaults, type Faults } from "./faults.ts";

export type Json = Readonly<Record<string, unknown>>;

export interface SlackUser {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly locale: string;
  readonly teamId: string;
  readonly isBot: boolean;
  readonly isAdmin: boolean;
  readonly isOwner: boolean;
  readonly isRestricted: boolean;
  readonly isStranger: boolean;
}

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: "channel" | "group" | "im" | "mpim";
  readonly members: Set<string>;
  readonly isExtShared: boolean;
  isArchived: boolean;
}

export interface SlackFile {
  readonly id: string;
  readonly name: string;
  readonly mimetype: string;
  readonly bytes: Uint8Array;
  readonly user: string;
  /** `external` lives elsewhere; `hidden_by_limit` is older than a free plan shows. */
  readonly mode: "hosted" | "snippet" | "external" | "hidden_by_limit";
  /** Events say only `check_file_info`, as in Slack Connect. */
  readonly isCheckFileInfo: boolean;
  /** The download answers with a redirect to this address first. */
  readonly redirectTo: string | null;
  isDeleted: boolean;
  downloads: number;
}

export interface SlackMessage {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  readonly threadTs: string | null;
  readonly subtype: string | null;
  readonly clientMsgId: string | null;
  readonly files: readonly string[];
  readonly metadata: Json | null;
  /** Only this person sees it. */
  readonly ephemeralTo: string | null;
  /** Slack fetches what its links lead to, to show it below. */
  readonly hasPreviews: boolean;
  text: string;
  /** Standard Markdown as it was posted in `markdown_text` or a `markdown` block. */
  markdown: string | null;
  blocks: readonly Json[];
  isDeleted: boolean;
  isEdited: boolean;
  readonly reactions: Map<string, Set<string>>;
}

export interface SlackManifest {
  readonly features: {
    readonly agent_view?: Json;
    readonly slash_commands: readonly { readonly command: string }[];
    readonly shortcuts: readonly { readonly callback_id: string; readonly type: string }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: { readonly event_subscriptions: { readonly bot_events: readonly string[] } };
}

export interface WorldOptions {
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  /** What the app was installed with; the repository's manifest unless given. */
  readonly manifest?: SlackManifest;
  /** Scopes taken away from the installation. */
  readonly withoutScopes?: readonly string[];
  readonly isAgent?: boolean;
  /** Milliseconds between two posts to one channel; null does not limit them. Slack's is 1,000. */
  readonly postIntervalMs?: number | null;
  readonly now?: () => number;
  /** How long Slack waits for an acknowledgement: 3,000 ms. */
  readonly ackTimeoutMs?: number;
  /** Pauses before redeliveries: at once, a minute, five minutes. */
  readonly retryDelaysMs?: readonly number[];
  readonly maxConnections?: number;
  /** The app that the app-level token belongs to; that of the bot unless given. */
  readonly socketAppId?: string;
  /** Socket Mode is switched on in the app's settings; default yes. */
  readonly isSocketModeOn?: boolean;
  /** Where events go by HTTP; null delivers by Socket Mode. */
  readonly requestUrl?: string | null;
}

/** All that exists on the pretended Slack. */
export interface World {
  readonly options: Required<Omit<WorldOptions, "manifest" | "withoutScopes">> & { readonly manifest: SlackManifest };
  readonly teamId: string;
  readonly appId: string;
  readonly botUserId: string;
  readonly scopes: Set<string>;
  readonly users: Map<string, SlackUser>;
  readonly channels: Map<string, SlackChannel>;
  readonly files: Map<string, SlackFile>;
  /** Oldest first. */
  readonly messages: SlackMessage[];
  readonly triggers: Map<string, number>;
  readonly views: Map<string, { readonly view: Json; readonly user: string; isOpen: boolean }>;
  readonly responseUrls: Map<string, ResponseUrl>;
  readonly sessions: Map<string, { status: string; readonly history: string[] }>;
  readonly calls: { readonly method: string; readonly args: Json; error: string | null }[];
  readonly faults: Faults;
  isInstalled: boolean;
  url: string;
  /** Tells the app of a message of its own: Slack does that too. */
  announce: (message: SlackMessage) => void;
  nextId(prefix: string): string;
  nextTs(): string;
  /** Tells whoever waits that something may have changed. */
  changed(): void;
  onChange(listener: () => void): () => void;
}

export interface ResponseUrl {
  readonly channel: string;
  readonly user: string;
  readonly threadTs: string | null;
  /** The message that carried the button. */
  readonly messageTs: string | null;
  readonly expiresAt: number;
  uses: number;
}

const APP_ID = "A0DOCENT";

export function readManifest(path = "slack-manifest.json"): SlackManifest {
  return JSON.parse(readFileSync(path, "utf8")) as SlackManifest;
}

export function createWorld(options: WorldOptions): World {
  const manifest = options.manifest ?? readManifest();
  const listeners = new Set<() => void>();
  const now = options.now ?? Date.now;
  let counter = 0;
  const world: World = {
    options: {
      botToken: options.botToken ?? "xoxb-test",
      appToken: options.appToken ?? "xapp-test",
      signingSecret: options.signingSecret ?? "signing-secret",
      isAgent: options.isAgent ?? manifest.features.agent_view !== undefined,
      postIntervalMs: options.postIntervalMs ?? null,
      now,
      ackTimeoutMs: options.ackTimeoutMs ?? 3_000,
      retryDelaysMs: options.retryDelaysMs ?? [0, 60_000, 300_000],
      maxConnections: options.maxConnections ?? 10,
      socketAppId: options.socketAppId ?? APP_ID,
      isSocketModeOn: options.isSocketModeOn ?? true,
      requestUrl: options.requestUrl ?? null,
      manifest,
    },
    teamId: "T0TEAM",
    appId: APP_ID,
    botUserId: "U0DOCENT",
    scopes: new Set(manifest.oauth_config.scopes.bot.filter((scope) => !options.withoutScopes?.includes(scope))),
    users: new Map(),
    channels: new Map(),
    files: new Map(),
    messages: [],
    triggers: new Map(),
    views: new Map(),
    responseUrls: new Map(),
    sessions: new Map(),
    calls: [],
    faults: createFaults(),
    isInstalled: true,
    url: "",
    announce: () => undefined,
    nextId: (prefix) => `${prefix}${String(++counter).padStart(6, "0")}`,
    nextTs: () => `${Math.floor(now() / 1000)}.${String(++counter).padStart(6, "0")}`,
    changed: () => [...listeners].forEach((listener) => listener()),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  addUser(world, { id: world.botUserId, name: "docent", displayName: "Docent", isBot: true });
  return world;
}

export function addUser(world: World, user: Partial<SlackUser> & Pick<SlackUser, "id">): SlackUser {
  const { id } = user;
  const added: SlackUser = {
    name: id.toLowerCase(),
    displayName: id,
    locale: "en-US",
    teamId: world.teamId,
    isBot: false,
    isAdmin: false,
    isOwner: false,
    isRestricted: false,
    isStranger: false,
    ...user,
  };
  world.users.set(id, added);
  return added;
}

export function messagesOf(world: World, channel: string): readonly SlackMessage[] {
  return world.messages.filter((message) => message.channel === channel);
}

export function findMessage(world: World, channel: string, ts: unknown): SlackMessage | undefined {
  return world.messages.find((message) => message.channel === channel && message.ts === ts && !message.isDeleted);
}
