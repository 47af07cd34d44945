import type { Context, Hono, Next } from "hono";
import {
  SERVICES,
  SETUP_VARIABLES,
  type FieldVerdict,
  type Service,
  type Setup,
  type SetupStep,
  type SetupValues,
} from "../../core/ports/setup.ts";
import { refusalText } from "../../core/set-up/refusal-text.ts";
import { text, type Sentence } from "../../core/texts/text.ts";
import { badRequest } from "./error-response.ts";
import { readText } from "./json-body.ts";
import type { PageEnv } from "./page-env.ts";
import { isFromThisMachine } from "./setup-guard.ts";

/** Tokens have some hundred characters. */
const MAX_BYTES = 20_000;

/** Set-up for browsers on this machine. Values go in; what comes out are sentences, names and links. */
export function addSetupRoutes(
  app: Hono<PageEnv>,
  deps: { readonly setup: Setup | undefined; readonly localeOf: (c: Context) => string },
): void {
  const { setup, localeOf } = deps;
  if (setup === undefined) {
    app.all("/api/setup", refuse);
    app.all("/api/setup/*", refuse);
    return;
  }

  const guard = async (c: Context<PageEnv>, next: Next): Promise<Response | void> =>
    isFromThisMachine(c.req.raw, c.env.remoteAddress) ? await next() : refuse(c);
  app.use("/api/setup", guard);
  app.use("/api/setup/*", guard);

  app.get("/api/setup", async (c) => {
    const steps = await setup.steps();
    const locale = localeOf(c);
    return c.json({ restartNeeded: setup.isRestartNeeded(), steps: steps.map((step) => toStepJson(step, locale)) });
  });

  app.get("/api/setup/restart", (c) => c.json({ restartNeeded: setup.isRestartNeeded() }));

  app.post("/api/setup/check", async (c) => {
    const { service, values } = await readValues(c);
    const verdicts = await setup.check(service, values);
    return c.json({ verdicts: verdicts.map((verdict) => toVerdictJson(verdict, localeOf(c))) });
  });

  app.post("/api/setup/save", async (c) => {
    const { service, values } = await readValues(c);
    const locale = localeOf(c);
    const result = await setup.save(service, values);
    const verdicts = result.verdicts.map((verdict) => toVerdictJson(verdict, locale));
    if (result.saved) return c.json({ message: text("setup.saved", locale), verdicts });
    const message = `${text("setup.not_saved", locale)} ${refusalText(result, locale)}`;
    return c.json({ error: { code: "not_saved", message }, verdicts }, 422);
  });

  function refuse(c: Context): Response {
    return c.json({ error: { code: "forbidden", message: text("setup.only_here", localeOf(c)) } }, 403);
  }

  async function readValues(c: Context): Promise<{ service: Service; values: SetupValues }> {
    // A form of another page cannot send this type without asking first.
    const isJson = c.req.header("content-type")?.split(";")[0]?.trim() === "application/json";
    const body = isJson ? parse(await readText(c.req.raw, MAX_BYTES)) : null;
    const service = SERVICES.find((each) => each === body?.["service"]);
    const given = body?.["values"];
    if (service === undefined || typeof given !== "object" || given === null) {
      throw badRequest("setup.body", localeOf(c));
    }
    const entries: readonly (readonly [string, unknown])[] = Object.entries(given);
    const isKnown = ([name, value]: readonly [string, unknown]): boolean =>
      typeof value === "string" && SETUP_VARIABLES.some((variable) => variable === name);
    if (!entries.every(isKnown)) throw badRequest("setup.body", localeOf(c));
    return { service, values: Object.fromEntries(entries) };
  }
}

function toStepJson(step: SetupStep, locale: string): object {
  return {
    ...step,
    about: text(step.about, locale),
    next: step.next === null ? null : text(step.next, locale),
    guide: step.guide.map(({ text: key, link }) => ({ text: text(key, locale), link })),
    fields: step.fields.map((field) => ({
      ...field,
      label: text(field.label, locale),
      verdict: field.verdict === null ? null : toVerdictJson(field.verdict, locale),
    })),
  };
}

function toVerdictJson({ variable, state, sentence, link }: FieldVerdict, locale: string): object {
  return {
    variable,
    state,
    text: say(sentence, locale),
    link: link === undefined ? null : { text: say(link.text, locale), url: link.url },
  };
}

function say({ key, values }: Sentence, locale: string): string {
  return text(key, locale, values);
}

function parse(body: string | null): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body ?? "null");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
