import type { GuideLine, Service, SetupEnvironment, SetupVariable } from "../ports/setup.ts";
import type { TextKey } from "../texts/language.ts";

interface StepPlan {
  readonly name: string;
  readonly about: TextKey;
  readonly variables: readonly SetupVariable[];
  readonly guide: (manifest: string) => readonly GuideLine[];
  /** What is left to do once the tokens are good; null where that is only to start Docent again. */
  readonly next: { readonly now: TextKey; readonly afterRestart: TextKey } | null;
}

const SLACK_APPS = "https://api.slack.com/apps";

export const STEP_PLANS: Readonly<Record<Service, StepPlan>> = {
  openai: {
    name: "OpenAI",
    about: "setup.openai.about",
    variables: ["OPENAI_API_KEY", "OPENAI_MODEL"],
    guide: () => [{ text: "setup.openai.key", link: "https://platform.openai.com/api-keys" }],
    next: null,
  },
  slack: {
    name: "Slack",
    about: "setup.slack.about",
    variables: ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"],
    guide: (manifest) => [
      {
        text: "setup.slack.create",
        link: toManifestUrl(manifest),
        byHand: { text: "setup.slack.create_by_hand", link: `${SLACK_APPS}?new_app=1` },
      },
      { text: "setup.slack.install", link: null },
      { text: "setup.slack.app_token", link: null },
      { text: "setup.slack.invite", link: null },
    ],
    next: { now: "setup.slack.next", afterRestart: "setup.slack.next_after_restart" },
  },
  discord: {
    name: "Discord",
    about: "setup.discord.about",
    variables: ["DISCORD_TOKEN"],
    guide: () => [
      { text: "setup.discord.create", link: "https://discord.com/developers/applications" },
      { text: "setup.discord.intent", link: null },
      { text: "setup.discord.add", link: null },
    ],
    next: { now: "setup.discord.next", afterRestart: "setup.discord.next_after_restart" },
  },
};

/** The variables of a step. Slack by HTTP needs no app-level token, and takes none. */
export function variablesOf(service: Service, env: SetupEnvironment): readonly SetupVariable[] {
  const { variables } = STEP_PLANS[service];
  const isByHttp = (env["SLACK_SIGNING_SECRET"] ?? "").trim() !== "";
  return isByHttp ? variables.filter((variable) => variable !== "SLACK_APP_TOKEN") : variables;
}

/** A link that opens Slack's form for a new app with the manifest filled in (docs.slack.dev/app-manifests). */
export function toManifestUrl(manifest: string): string {
  const compact = JSON.stringify(JSON.parse(manifest));
  return `${SLACK_APPS}?new_app=1&manifest_json=${encodeURIComponent(compact)}`;
}
