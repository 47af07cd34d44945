import { describe, expect, it } from "vitest";
import type { NamedUsageRow } from "../../../src/core/ports/usage-report.ts";
import { ask, json } from "./requests.ts";
import { sampleReport, sampleRow } from "./sample-report.ts";
import { startWebBot } from "./web-bot-under-test.ts";

const HEADER = "day,workspace,channel,user_id,user_name,model,questions,input_tokens,output_tokens,cost_usd";

async function* list(rows: readonly NamedUsageRow[]): AsyncGenerator<NamedUsageRow> {
  for (const row of rows) yield await Promise.resolve(row);
}

describe("usage by HTTP", () => {
  it("is the report of so many days, 30 when nobody says", async () => {
    const { bot, docent } = await startWebBot();
    docent.report = (days) => sampleReport(days);
    expect(await json(ask(bot, "/api/usage?days=7"))).toEqual(JSON.parse(JSON.stringify(sampleReport(7))));
    expect(await json(ask(bot, "/api/usage"))).toMatchObject({ from: "2026-10-28", to: "2026-11-26" });
  });

  it.for(["0", "367", "1.5", "-3", "x", "", "1e2"])("refuses %s days and says what fits", async (days) => {
    const { bot, docent } = await startWebBot();
    docent.report = (asked) => sampleReport(asked);
    for (const path of ["/api/usage", "/api/usage.csv"]) {
      const response = await ask(bot, `${path}?days=${days}`);
      expect(response.status).toBe(400);
      const message = "I don’t understand that request: “days” is a whole number from 1 to 366.";
      expect(await json(response)).toEqual({ error: { code: "bad_request", message } });
    }
  });

  it("is behind the token, where there is one", async () => {
    const { bot, docent } = await startWebBot({ token: "team-token-4711", loopback: false });
    docent.report = (days) => sampleReport(days);
    for (const path of ["/api/usage", "/api/usage.csv"]) {
      expect((await ask(bot, path)).status).toBe(401);
      const headers = { authorization: "Bearer team-token-4711" };
      expect((await ask(bot, path, { headers })).status).toBe(200);
    }
  });

  it("comes as a CSV file of UTF-8, with the names of the columns even when there is nothing else", async () => {
    const { bot } = await startWebBot();
    const response = await ask(bot, "/api/usage.csv?days=7");
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="docent-usage-7-days.csv"');
    expect(await response.text()).toBe(`${HEADER}\r\n`);
  });

  it("has one line for each row of the CSV, with amounts as plain decimals", async () => {
    const { bot, docent } = await startWebBot();
    docent.reportRows = () => list([sampleRow(), sampleRow({ userName: null, costUsd: 12 })]);
    const lines = (await (await ask(bot, "/api/usage.csv")).text()).split("\r\n");
    expect(lines).toEqual([
      HEADER,
      "2026-11-26,slack:T1,slack:T1:C1,U1,Ann,gpt-6-luna,2,1200,80,0.0000004",
      "2026-11-26,slack:T1,slack:T1:C1,U1,,gpt-6-luna,2,1200,80,12",
      "",
    ]);
  });

  it.for([
    ["a comma and quotes", 'Kim, "Bo"', '"Kim, ""Bo"""'],
    ["a line break", "Kim\nBo", '"Kim\nBo"'],
    ["a formula", "=HYPERLINK(0)", "'=HYPERLINK(0)"],
    ["a formula with a comma", '=A1,"x"', `"'=A1,""x"""`],
    ["a formula that begins with plus", "+1", "'+1"],
    ["a formula that begins with minus", "-1", "'-1"],
    ["a formula that begins with an at sign", "@SUM(A1)", "'@SUM(A1)"],
    ["a formula behind a tab", "\t=1", "'\t=1"],
    ["Korean", "김하나", "김하나"],
  ] as const)("writes a name with %s so that it stays a name", async ([, userName, cell]) => {
    const { bot, docent } = await startWebBot();
    docent.reportRows = () => list([sampleRow({ userName })]);
    expect(await (await ask(bot, "/api/usage.csv")).text()).toContain(`,U1,${cell},gpt-6-luna,`);
  });

  it("sends many rows whole", async () => {
    const { bot, docent } = await startWebBot();
    docent.reportRows = () => list(Array.from({ length: 2_345 }, (_, n) => sampleRow({ userId: `U${n}` })));
    const lines = (await (await ask(bot, "/api/usage.csv?days=90")).text()).trimEnd().split("\r\n");
    expect(lines).toHaveLength(2_346);
    expect(lines.at(-1)).toContain(",U2344,");
  });
});
