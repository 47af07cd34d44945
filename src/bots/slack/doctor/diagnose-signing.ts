import { createHmac, randomUUID } from "node:crypto";
import { found, type Diagnosis, type RunningDocent } from "../../../core/ports/diagnosis.ts";
import type { Clock } from "../../../core/ports/system.ts";

const TIMEOUT_MS = 5_000;

/**
 * Whether the Docent that runs takes what Slack would send, signed with our secret. That Slack has the same secret, and
 * reaches it, only an event proves.
 */
export async function* diagnoseSigning(
  signingSecret: string,
  { running, clock }: { readonly running: RunningDocent | null; readonly clock: Clock },
): Diagnosis {
  if (running === null) {
    yield found("skipped", "slack.signing", "doctor.slack.not_running", "doctor.slack.not_running_remedy");
    return;
  }
  const challenge = randomUUID();
  const body = JSON.stringify({ type: "url_verification", challenge });
  // docs.slack.dev/authentication/verifying-requests-from-slack
  const timestamp = String(Math.floor(clock.now() / 1000));
  const signature = createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex");
  const address = `${running.url}/slack/events`;
  const { status, text } = await post(address, body, {
    "content-type": "application/json",
    "x-slack-request-timestamp": timestamp,
    "x-slack-signature": `v0=${signature}`,
  });
  if (text.includes(challenge)) {
    yield found("ok", "slack.signing", ["doctor.slack.signing_ok", { address }]);
  } else if (status === 401) {
    const seen = ["doctor.slack.signing_refused", { address }] as const;
    yield found("problem", "slack.signing", seen, "doctor.slack.signing_remedy");
  } else {
    const seen = ["doctor.slack.signing_failed", { address, status: String(status) }] as const;
    yield found("problem", "slack.signing", seen, "doctor.slack.signing_again");
  }
}

async function post(
  address: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(address, { method: "POST", body, headers, signal });
    return { status: response.status, text: await response.text() };
  } catch {
    return { status: 0, text: "" };
  }
}
