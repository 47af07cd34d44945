import { SERVICES, type FieldVerdict, type Service, type Setup, type SetupStep } from "../../src/core/ports/setup.ts";
import { refusalText } from "../../src/core/set-up/refusal-text.ts";
import { STEP_PLANS } from "../../src/core/set-up/setup-steps.ts";
import type { TextKey } from "../../src/core/texts/language.ts";
import { text, type Sentence } from "../../src/core/texts/text.ts";
import type { Prompt } from "./prompt.ts";

export interface SetupRun {
  readonly setup: Setup;
  readonly prompt: Prompt;
  readonly write: (line: string) => void;
  readonly locale: string;
  /** Escape codes may be used. */
  readonly hasColours: boolean;
  readonly services?: readonly Service[];
}

const MARKS = { good: "✓", warning: "!", problem: "✗" } as const;
const COLOURS = { good: "\u001B[32m", warning: "\u001B[33m", problem: "\u001B[31m" } as const;
const BOLD = "\u001B[1m";
const RESET = "\u001B[0m";

/** Walks through the services. True when nothing that was entered is left unsaved. */
export async function runSetup(run: SetupRun): Promise<boolean> {
  const { setup, write } = run;
  write(`\n${say("setup.terminal.begin")}`);
  let isChanged = false;
  let isFine = true;
  for (const service of run.services ?? SERVICES) {
    // What the vendor is asked about is what is set now.
    const step = (await setup.steps()).find((each) => each.service === service);
    if (step === undefined) continue;
    const outcome = await walk(step);
    isChanged ||= outcome === "saved";
    isFine &&= outcome !== "refused";
  }
  write(`\n${say(isChanged ? "setup.terminal.end" : "setup.terminal.unchanged")}`);
  return isFine;

  async function walk(step: SetupStep): Promise<"saved" | "left" | "refused"> {
    write(`\n${bold(step.name)}: ${say(`setup.terminal.${step.state}`)}`);
    const verdicts = step.fields.flatMap(({ verdict }) => (verdict === null ? [] : [verdict]));
    // Two tokens that are swapped have the same to say.
    const isFirst = ({ sentence }: FieldVerdict, index: number): boolean =>
      verdicts.findIndex((each) => speak(each.sentence) === speak(sentence)) === index;
    verdicts.filter(isFirst).forEach(tell);
    if (step.state === "missing") write(say(step.about));
    step.guide.forEach((line, index) => {
      const { text: key, link } = line.byHand ?? line;
      write(`  ${index + 1}. ${say(key)}${link === null ? "" : `\n     ${link}`}`);
    });
    let wasRefused = false;
    const noteRefusal = (): void => void (wasRefused = true);
    for (;;) {
      const values = await enter(step, noteRefusal);
      if (values === null) return wasRefused ? "refused" : "left";
      const result = await setup.save(step.service, values);
      if (result.saved) {
        write(`${mark("good")} ${say("setup.saved")}`);
        const { next } = STEP_PLANS[step.service];
        if (next !== null) write(say(next.afterRestart));
        return "saved";
      }
      // What has a verdict was told when it was entered.
      write(`${mark("problem")} ${say("setup.not_saved")} ${show(refusalText(result, run.locale))}`);
      noteRefusal();
    }
  }

  /** Asks for each field until its vendor is content; null when somebody wants to leave it. */
  async function enter(step: SetupStep, noteRefusal: () => void): Promise<Readonly<Record<string, string>> | null> {
    const values: Record<string, string> = {};
    for (const field of step.fields) {
      const { variable, isSecret, isSet } = field;
      const kept = field.value ?? (isSet ? say("setup.terminal.keep") : null);
      const question = `${variable} [${say(field.label)}${kept === null ? "" : `; ${kept}`}]: `;
      for (;;) {
        const line = (await run.prompt.ask(question, { isHidden: isSecret }))?.trim() ?? null;
        if (line === null) return null;
        // Enter leaves a service out when its first secret is asked for, and keeps what is set later on.
        if (line === "" && isSecret && Object.keys(values).length === 0 && !hasMore(step, variable)) return null;
        if (line === "") break;
        write(say("setup.terminal.checking"));
        const verdicts = await setup.check(step.service, { ...values, [variable]: line });
        const own = verdicts.filter((verdict) => verdict.variable === variable);
        own.forEach(tell);
        if (own.some(({ state }) => state === "problem")) {
          noteRefusal();
          continue;
        }
        values[variable] = line;
        break;
      }
    }
    return Object.keys(values).length === 0 ? null : values;
  }

  function tell({ state, sentence, link }: FieldVerdict): void {
    write(`${mark(state)} ${speak(sentence)}${link === undefined ? "" : `\n  ${speak(link.text)}: ${link.url}`}`);
  }

  function mark(state: keyof typeof MARKS): string {
    return run.hasColours ? `${COLOURS[state]}${MARKS[state]}${RESET}` : MARKS[state];
  }

  function bold(words: string): string {
    return run.hasColours ? `${BOLD}${words}${RESET}` : words;
  }

  function say(key: TextKey): string {
    return speak({ key, values: {} });
  }

  function speak({ key, values }: Sentence): string {
    return show(text(key, run.locale, values));
  }

  function show(sentence: string): string {
    return sentence.replace(/\*\*(.+?)\*\*/g, (_, words: string) => bold(words));
  }
}

/** Whether another field of something set up may be the one to replace. */
function hasMore(step: SetupStep, variable: string): boolean {
  return step.state !== "missing" && step.fields.at(-1)?.variable !== variable;
}
