import type { Context, Hono } from "hono";
import { STORAGE_PRICE } from "../../core/spending/storage-cost.ts";
import { toLanguage } from "../../core/texts/languages.ts";
import type { PageEnv } from "./page-env.ts";
import { isFromThisMachine } from "./setup-guard.ts";
import type { WebBotOptions } from "./web-bot-options.ts";

/** What the page has to know of itself: its limits, what it may offer, and who answers. */
export function addMeRoutes(
  app: Hono<PageEnv>,
  deps: WebBotOptions & {
    readonly maxFiles: number;
    readonly signedIn: boolean;
    readonly localeOf: (c: Context) => string;
  },
): void {
  app.get("/api/me", (c) =>
    c.json({
      canSetUp: deps.setup !== undefined && isFromThisMachine(c.req.raw, c.env.remoteAddress),
      engine: deps.engineName,
      language: toLanguage(deps.localeOf(c)),
      maxFileMb: deps.maxFileMb,
      maxFilesPerMessage: deps.maxFiles,
      canSignOut: deps.signedIn,
      storagePrice: STORAGE_PRICE,
    }),
  );

  // Apart from that: it may take as long as the vendor does.
  app.get("/api/engine", async (c) => c.json({ ready: (await deps.checkEngine?.())?.ready ?? true }));
}
