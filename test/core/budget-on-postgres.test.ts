import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openPostgres } from "../../src/stores/postgres/open-postgres.ts";
import { createPostgresBudgetLedger } from "../../src/stores/postgres/postgres-budget-ledger.ts";
import { createPostgresBulletin } from "../../src/stores/postgres/postgres-bulletin.ts";
import { createPostgresDocuments } from "../../src/stores/postgres/postgres-documents.ts";
import { createPostgresFeedback } from "../../src/stores/postgres/postgres-feedback.ts";
import { createPostgresInbox } from "../../src/stores/postgres/postgres-inbox.ts";
import { createPostgresJobs } from "../../src/stores/postgres/postgres-jobs.ts";
import { createPostgresUsage } from "../../src/stores/postgres/postgres-usage.ts";
import { silentLog } from "../fakes/core-under-test.ts";
import { startPostgresServer, type PostgresServer } from "../servers/postgres-server.ts";
import { askAsCrowd, type CrowdStores } from "./budget-crowd.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer({ flags: ["-c", "fsync=off"] });
});
afterAll(() => server.remove());

/** What one replica has of a database. */
async function connect(url: string): Promise<CrowdStores> {
  const postgres = await openPostgres({ url, log: silentLog, max: 6 });
  const bulletin = createPostgresBulletin(postgres, { url, log: silentLog });
  await bulletin.start();
  onTestFinished(async () => {
    await bulletin.stop();
    await postgres.close();
  });
  return {
    inbox: createPostgresInbox(postgres, bulletin),
    documents: createPostgresDocuments(postgres),
    usage: createPostgresUsage(postgres),
    ledger: createPostgresBudgetLedger(postgres),
    feedback: createPostgresFeedback(postgres),
    jobs: createPostgresJobs(postgres),
  };
}

describe("budgets of two replicas on one Postgres", () => {
  it("are overspent by no more than the runs under way cost above their estimates, by a hundred people at once", async () => {
    const url = await server.createDatabase();
    const replicas = [await connect(url), await connect(url)];
    const { answers, refusals, billed, excess } = await askAsCrowd(replicas, { all: 0.3, channel: null, user: null });
    expect(billed).toBeLessThanOrEqual(0.3 + excess + 1e-9);
    expect(answers + refusals).toBe(100);
    expect(answers).toBeGreaterThanOrEqual(15);
    expect(refusals).toBeGreaterThan(0);
    const today = new Date().toISOString().slice(0, 10);
    const spent = await replicas[0]?.ledger.spent({ day: today, channel: "", userId: "" });
    expect(spent?.all).toBeCloseTo(billed, 9);
  });
});
