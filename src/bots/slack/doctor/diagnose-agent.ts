import { found, type Finding } from "../../../core/ports/diagnosis.ts";
import { refusalOf, type SlackApi } from "../slack-api.ts";

const METHOD = "agents.sessions.setStatus";

/** Whether the app may show people that it works, with Slack's own stop button, in the thread of a message. */
export async function diagnoseAgent(api: SlackApi, channel: string, ts: string): Promise<Finding> {
  try {
    const session = { channel_id: channel, thread_ts: ts };
    const { warning } = await api.call<{ warning?: string }>(METHOD, { ...session, status: "processing" });
    await api.call(METHOD, { ...session, status: "closed" });
    if (warning?.includes("agent_session_stopped") !== true) {
      return found("ok", "slack.agent", "doctor.slack.agent_ok");
    }
    const remedy = ["doctor.slack.event_remedy", { event: "agent_session_stopped" }] as const;
    return found("warning", "slack.agent", "doctor.slack.agent_no_stop", remedy);
  } catch (error) {
    const refusal = refusalOf(error);
    return refusal === "app_not_agent"
      ? found("warning", "slack.agent", "doctor.slack.no_agent", "doctor.slack.agent_remedy")
      : found("skipped", "slack.agent", ["doctor.slack.failed", { reason: refusal ?? "no answer" }]);
  }
}
