import type { TextKey } from "../texts/language.ts";
import type { Sentence } from "../texts/text.ts";
import type { TokenVerdict } from "./token-checks.ts";

export const SERVICES = ["openai", "slack", "discord"] as const;

export type Service = (typeof SERVICES)[number];

export function isService(name: string): name is Service {
  return SERVICES.some((service) => service === name);
}

/** What set-up may write, and nothing else. */
export const SETUP_VARIABLES = [
  "OPENAI_API_KEY",
  "OPENAI_MODEL",
  "SLACK_BOT_TOKEN",
  "SLACK_APP_TOKEN",
  "DISCORD_TOKEN",
] as const;

export type SetupVariable = (typeof SETUP_VARIABLES)[number];

export type SetupValues = Readonly<Partial<Record<SetupVariable, string>>>;

/** Variables as they are, or would be, given to the program. */
export type SetupEnvironment = Readonly<Record<string, string | undefined>>;

/** The `.env` file. */
export interface EnvironmentFile {
  /** Without the file: nothing. */
  read(): Readonly<Record<string, string>>;
  /** Sets these and leaves everything else as it is. @throws Error when it cannot; the file is then as it was */
  write(values: Readonly<Record<string, string>>): void;
}

/** One thing to do at the vendor. `**…**` is what to click; the first of them carries the link. */
export interface GuideLine {
  readonly text: TextKey;
  readonly link: string | null;
  /** Instead, where the link is too long to be shown. */
  readonly byHand?: { readonly text: TextKey; readonly link: string };
}

export interface FieldVerdict extends TokenVerdict {
  readonly variable: SetupVariable;
}

export interface SetupField {
  readonly variable: SetupVariable;
  readonly label: TextKey;
  readonly isSecret: boolean;
  readonly isSet: boolean;
  /** Of what is no secret; null for a secret, always. */
  readonly value: string | null;
  /** Of what is set. */
  readonly verdict: FieldVerdict | null;
}

export interface SetupStep {
  readonly service: Service;
  readonly name: string;
  readonly about: TextKey;
  readonly state: "missing" | "connected" | "broken";
  /** False when what is set is not what the program was started with. */
  readonly isRunning: boolean;
  /** What is left to do where the tokens are good; null where nothing is. */
  readonly next: TextKey | null;
  readonly guide: readonly GuideLine[];
  readonly fields: readonly SetupField[];
  /** What to paste by hand instead of following the link; null where there is none. */
  readonly manifest: string | null;
}

export type SaveResult = { readonly saved: true; readonly verdicts: readonly FieldVerdict[] } | SaveRefusal;

export interface SaveRefusal {
  readonly saved: false;
  readonly verdicts: readonly FieldVerdict[];
  readonly reason: Sentence;
  /** The labels of fields that are empty and must not be: the reason names them. */
  readonly missing: readonly TextKey[];
}

/** Puts keys and tokens into `.env`, each checked with its vendor first. Nothing here gives a secret back. */
export interface Setup {
  /** How far it is; asks the vendors about what is set. */
  steps(): Promise<readonly SetupStep[]>;
  /** Asks the vendor about these values; those of other services are not looked at. */
  check(service: Service, values: SetupValues): Promise<readonly FieldVerdict[]>;
  /** Checks, then writes. An empty value keeps what is set. */
  save(service: Service, values: SetupValues): Promise<SaveResult>;
  /** Whether something is set that the running program does not use yet. */
  isRestartNeeded(): boolean;
}
