import { randomUUID } from "node:crypto";
import { found, type Diagnosis, type Finding, type RunningDocent, type Said } from "../../../core/ports/diagnosis.ts";
import type { Clock } from "../../../core/ports/system.ts";
import { diagnoseAgent } from "./diagnose-agent.ts";
import { NONCE, type Ears } from "./ears.ts";
import { explainCall, isBusy } from "./explain-call.ts";
import { refusalOf, type SlackApi } from "../slack-api.ts";

interface Conversation {
  readonly id: string;
  readonly name?: string;
  readonly is_private?: boolean;
  readonly is_archived?: boolean;
  readonly num_members?: number;
}

interface Options {
  readonly ears: Ears;
  readonly running: RunningDocent | null;
  readonly mayPost: boolean;
  /** Scopes that the installation lacks: what needs them cannot work, which is told with them. */
  readonly lacking: readonly string[];
  readonly patienceMs: number;
  readonly clock: Clock;
}

/** Of the channels so many are looked at for the one with the fewest people. */
const MAX_LOOKED_AT = 20;
const LOOK_AGAIN_MS = 250;

const POST_SCOPE = "chat:write";

const KINDS = [
  { event: "message.channels", isPrivate: false, scope: "channels:history" },
  { event: "message.groups", isPrivate: true, scope: "groups:history" },
] as const;

/**
 * Whether what people write arrives: posts a line where the fewest people see it, waits until Slack tells of it, and
 * deletes it. Where events go to a Docent that runs, that is asked whether it has heard something since.
 */
export async function* diagnoseEvents(api: SlackApi, options: Options): Diagnosis {
  if (!options.mayPost) {
    yield found("skipped", "slack.events", "doctor.slack.events_off", "doctor.slack.events_by_hand");
    return;
  }
  if (options.lacking.includes(POST_SCOPE)) {
    yield found("skipped", "slack.events", ["doctor.slack.events_scope", { scope: POST_SCOPE }]);
    return;
  }
  if (options.ears.hear === null && options.running === null) {
    yield found("skipped", "slack.events", "doctor.slack.events_elsewhere", "doctor.slack.events_by_hand");
    return;
  }
  let smallest: readonly (Conversation | undefined)[];
  try {
    const channels = await listChannels(api);
    if (channels.length === 0) {
      yield found("warning", "slack.channels", "doctor.slack.no_channel", "doctor.slack.invite_remedy");
      return;
    }
    smallest = await Promise.all(KINDS.map(({ isPrivate }) => findSmallest(api, channels, isPrivate)));
  } catch (error) {
    yield explainLooking(error);
    return;
  }
  for (const [index, { event, scope }] of KINDS.entries()) {
    const channel = smallest[index];
    // An event is delivered only with its scope (docs.slack.dev/reference/events).
    if (options.lacking.includes(scope)) {
      yield found("skipped", `slack.events.${event}`, ["doctor.slack.event_scope", { event, scope }]);
    } else if (channel !== undefined) yield* roundTrip(api, channel, event, options);
    else yield found("skipped", `slack.events.${event}`, ["doctor.slack.event_skipped", { event }]);
  }
  yield found("skipped", "slack.events.others", "doctor.slack.events_others", "doctor.slack.events_by_hand");
}

async function* roundTrip(api: SlackApi, channel: Conversation, event: string, options: Options): Diagnosis {
  const subject = `slack.events.${event}`;
  const values = { channel: channel.name ?? channel.id, event };
  const nonce = `${NONCE}${randomUUID()}`;
  const before = options.ears.hear === null ? ((await options.running?.slackDeliveries()) ?? null) : null;
  const text = `Docent checks whether it hears messages; this one is deleted at once. ${nonce}`;
  let ts: string;
  try {
    ({ ts } = await api.call<{ ts: string }>("chat.postMessage", { channel: channel.id, text }));
  } catch (error) {
    yield found("warning", subject, ...explainPost(error, values));
    return;
  }
  try {
    const isHeard = await waitFor(nonce, before, options);
    if (isHeard === null) {
      yield found("skipped", subject, ["doctor.slack.event_unknown", values], "doctor.slack.events_by_hand");
    } else if (isHeard) {
      // Whoever has asked a Docent that runs knows only that something has come.
      const key = options.ears.hear === null ? "doctor.slack.event_heard" : "doctor.slack.event_ok";
      yield found("ok", subject, [key, values]);
    } else if (options.ears.hear === null) {
      yield found(
        "problem",
        subject,
        ["doctor.slack.event_lost", values],
        ["doctor.slack.event_lost_remedy", { event }],
      );
    } else {
      yield found("problem", subject, ["doctor.slack.event_missing", values], ["doctor.slack.event_remedy", { event }]);
    }
    if (event === KINDS[0].event) yield await diagnoseAgent(api, channel.id, ts);
  } finally {
    try {
      await api.call("chat.delete", { channel: channel.id, ts }, { isRepeatable: true });
    } catch {
      yield found("warning", "slack.leftovers", ["doctor.slack.left", values], "doctor.slack.left_remedy");
    }
  }
}

/** Whether the event came; null when nobody can tell. */
async function waitFor(nonce: string, before: number | null, options: Options): Promise<boolean | null> {
  const { ears, running, clock, patienceMs } = options;
  if (ears.hear !== null) {
    const patience = new AbortController();
    const isOver = clock.sleep(patienceMs, patience.signal).then(
      () => false,
      () => false,
    );
    const isHeard = await Promise.race([ears.hear(nonce).then(() => true), isOver]);
    patience.abort();
    return isHeard;
  }
  if (running === null || before === null) return null;
  for (const deadline = clock.steady() + patienceMs; clock.steady() < deadline; await clock.sleep(LOOK_AGAIN_MS)) {
    const now = await running.slackDeliveries();
    if (now !== null && now > before) return true;
  }
  return false;
}

async function listChannels(api: SlackApi): Promise<readonly Conversation[]> {
  const args = { types: "public_channel,private_channel", exclude_archived: true, limit: 200 };
  const { channels } = await api.call<{ channels: readonly Conversation[] }>("users.conversations", args, {
    isRepeatable: true,
  });
  return channels.filter(({ is_archived: isArchived }) => isArchived !== true);
}

async function findSmallest(
  api: SlackApi,
  channels: readonly Conversation[],
  isPrivate: boolean,
): Promise<Conversation | undefined> {
  const ofKind = channels.filter((channel) => (channel.is_private ?? false) === isPrivate);
  const sized: Conversation[] = [];
  for (const { id } of ofKind.slice(0, MAX_LOOKED_AT)) {
    const args = { channel: id, include_num_members: true };
    const answer = await api.call<{ channel: Conversation }>("conversations.info", args, { isRepeatable: true });
    sized.push(answer.channel);
  }
  const sizeOf = ({ num_members: members }: Conversation): number => members ?? Number.MAX_SAFE_INTEGER;
  return sized.toSorted((a, b) => sizeOf(a) - sizeOf(b))[0];
}

/** What lists the channels is not what Docent lives by: only that Slack does not answer is worth a warning. */
function explainLooking(error: unknown): Finding {
  const [seen, remedy] = explainCall(error, "users.conversations");
  return refusalOf(error) === null
    ? found("warning", "slack.events", seen, remedy)
    : found("skipped", "slack.events", seen, "doctor.slack.events_by_hand");
}

function explainPost(error: unknown, values: { readonly channel: string; readonly event: string }): [Said, Said] {
  const reason = refusalOf(error);
  if (reason !== null) return [["doctor.slack.post_failed", { ...values, reason }], "doctor.slack.post_remedy"];
  if (isBusy(error)) return [["doctor.slack.busy", { method: "chat.postMessage" }], "doctor.slack.busy_remedy"];
  // It may have been posted all the same.
  return [["doctor.slack.post_lost", values], "doctor.slack.post_lost_remedy"];
}
