import type { Clock, Log } from "../../core/ports/system.ts";
import { createLookup } from "./lookup.ts";
import { explainRefusal, refusalOf, type SlackApi } from "./slack-api.ts";

export interface Person {
  readonly id: string;
  readonly name: string;
  /** BCP 47, e.g. `ko-KR`. */
  readonly locale: string | null;
  readonly isAdmin: boolean;
  /** A guest, or somebody of another organisation. */
  readonly isGuest: boolean;
}

export interface ChannelFacts {
  readonly name: string | null;
  readonly isDirect: boolean;
  readonly isShared: boolean;
  /** False also for private channels that Slack does not even show to the bot. */
  readonly isMember: boolean;
}

/** Who people are and what channels are like. Answers from memory, soon, or not at all; never rejects. */
export interface Directory {
  person(id: string): Promise<Person | undefined>;
  channel(id: string): Promise<ChannelFacts | undefined>;
  forgetChannel(id: string): void;
}

interface UserInfo {
  readonly user: {
    readonly name?: string;
    readonly real_name?: string;
    readonly locale?: string;
    readonly is_admin?: boolean;
    readonly is_owner?: boolean;
    readonly is_restricted?: boolean;
    readonly is_ultra_restricted?: boolean;
    readonly is_stranger?: boolean;
    readonly profile?: { readonly display_name?: string };
  };
}

interface ConversationInfo {
  readonly channel: {
    readonly name?: string;
    readonly is_im?: boolean;
    readonly is_member?: boolean;
    readonly is_private?: boolean;
    readonly is_ext_shared?: boolean;
    readonly is_pending_ext_shared?: boolean;
  };
}

const PERSON_TTL_MS = 10 * 60_000;
/** Short: a channel may become shared with another organisation at any time. */
const CHANNEL_TTL_MS = 60_000;
const FAILURE_TTL_MS = 10_000;
/** Of the three seconds that an acknowledgement may take. */
const WAIT_MS = 1_200;

export function createDirectory(api: SlackApi, clock: Clock, log: Log): Directory {
  const people = createLookup<Person>({
    clock,
    ttlMs: PERSON_TTL_MS,
    failureTtlMs: FAILURE_TTL_MS,
    waitMs: WAIT_MS,
    load: (id) => loadPerson(id),
  });
  const channels = createLookup<ChannelFacts>({
    clock,
    ttlMs: CHANNEL_TTL_MS,
    failureTtlMs: FAILURE_TTL_MS,
    waitMs: WAIT_MS,
    load: (id) => loadChannel(id),
  });
  return {
    person: (id) => people.get(id),
    channel: (id) => channels.get(id),
    forgetChannel: (id) => channels.forget(id),
  };

  async function loadPerson(id: string): Promise<Person> {
    try {
      const { user } = await api.call<UserInfo>(
        "users.info",
        { user: id, include_locale: true },
        { isRepeatable: true },
      );
      const isGuest = user.is_restricted === true || user.is_ultra_restricted === true || user.is_stranger === true;
      return {
        id,
        name: user.profile?.display_name || user.real_name || user.name || id,
        locale: user.locale ?? null,
        isGuest,
        isAdmin: !isGuest && (user.is_admin === true || user.is_owner === true),
      };
    } catch (error) {
      log.warn("A person could not be looked up; their language is not known.", {
        reason: explainRefusal("users.info", error),
      });
      throw error;
    }
  }

  async function loadChannel(id: string): Promise<ChannelFacts> {
    try {
      return await readChannelFacts(api, id);
    } catch (error) {
      log.warn("A channel could not be looked up.", { reason: explainRefusal("conversations.info", error) });
      throw error;
    }
  }
}

/** What Slack tells of a channel. @throws what `conversations.info` fails with */
export async function readChannelFacts(api: SlackApi, id: string): Promise<ChannelFacts> {
  try {
    const { channel } = await api.call<ConversationInfo>("conversations.info", { channel: id }, { isRepeatable: true });
    const isDirect = channel.is_im === true;
    return {
      name: channel.name ?? null,
      isDirect,
      isShared: channel.is_ext_shared === true || channel.is_pending_ext_shared === true,
      // What is private is shown only from the inside.
      isMember: isDirect || channel.is_private === true || channel.is_member === true,
    };
  } catch (error) {
    // Private and not ours: as good as an answer.
    if (refusalOf(error) !== "channel_not_found") throw error;
    return { name: null, isDirect: false, isShared: true, isMember: false };
  }
}
