import type { Context, Hono } from "hono";
import type { Docent } from "../../core/ports/docent.ts";
import { badRequest } from "./error-response.ts";
import type { PageEnv } from "./page-env.ts";
import { toUsageCsv } from "./usage-csv.ts";

const DEFAULT_DAYS = 30;
const MAX_DAYS = 366;

/** What all workspaces used: the page is the operator's, behind a token or on their own machine. */
export function addUsageRoutes(
  app: Hono<PageEnv>,
  deps: { readonly requireDocent: () => Docent; readonly localeOf: (c: Context) => string },
): void {
  app.get("/api/usage", async (c) => c.json(await deps.requireDocent().usage(daysOf(c))));

  app.get("/api/usage.csv", (c) => {
    const days = daysOf(c);
    const rows = deps.requireDocent().usageRows(days);
    return c.body(toStream(toUsageCsv(rows)), 200, {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="docent-usage-${days}-days.csv"`,
    });
  });

  function daysOf(c: Context): number {
    const given = c.req.query("days") ?? String(DEFAULT_DAYS);
    const days = /^\d{1,3}$/.test(given) ? Number(given) : 0;
    if (days < 1 || days > MAX_DAYS) throw badRequest("web.reason_days", deps.localeOf(c));
    return days;
  }
}

/** Pieces are made as they are sent. */
function toStream(pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
