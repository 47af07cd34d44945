import { spawn } from "node:child_process";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { makeLongPdf } from "../fixtures/make-pdf.ts";
import { startOpenAIServer } from "../servers/openai-server.ts";
import { startPostgresServer } from "../servers/postgres-server.ts";
import { startProgram, visit } from "./program.ts";

async function createDatabase(): Promise<string> {
  const postgres = await startPostgresServer();
  onTestFinished(() => postgres.remove());
  return await postgres.createDatabase();
}

it.each(["a file", "Postgres"])("npm run audit lists what OpenAI holds and Docent on %s does not", async (place) => {
  const server = await startOpenAIServer();
  onTestFinished(() => server.close());
  const store = { DATA_DIR: temporaryFolder(), DATABASE_URL: place === "Postgres" ? await createDatabase() : "" };
  const env = { ...store, OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: server.url };
  const program = await startProgram(env);
  await visit(program, "general").ask("What is the code of room 7?", [
    { name: "rooms.pdf", bytes: await makeLongPdf(60) },
  ]);
  const upload = new FormData();
  upload.set("purpose", "user_data");
  upload.set("file", new Blob(["left over"]), "left-over.txt");
  const headers = { authorization: "Bearer test-key" };
  await fetch(`${server.url}/files`, { method: "POST", headers, body: upload });
  await fetch(`${server.url}/vector_stores`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ name: "docent", metadata: { scope: "channel:web:gone" } }),
  });
  const audit = async (...args: string[]) => {
    const { promise, resolve } = Promise.withResolvers<{ output: string; code: number | null }>();
    const child = spawn(process.execPath, ["scripts/audit.ts", "--min-age-seconds", "0", ...args], {
      env: { PATH: process.env["PATH"] ?? "", ...env },
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.once("exit", (code) => resolve({ output, code }));
    return await promise;
  };
  const found = await audit();
  expect(found.output).toContain("“left-over.txt”");
  expect(found.output).toContain("“channel:web:gone”");
  expect(found.output).toContain("1 files and 1 vector stores are known; 2 unknown, 0 missing.");
  expect(found.code).toBe(1);
  expect(await audit("--remove")).toMatchObject({ code: 0, output: expect.stringContaining("2 removed.") });
  expect([...server.state.files.values()].map(({ filename }) => filename)).toEqual(["rooms.pdf"]);
  expect(server.state.vectorStores.size).toBe(1);
  expect(await audit()).toMatchObject({ code: 0 });

  // What is deleted while no key is set stays at OpenAI until somebody asks.
  await program.stop();
  const keyless = await startProgram(store);
  await visit(keyless, "general").forget();
  await keyless.stop();
  expect((await audit("--remove")).output).toContain("“rooms.pdf”");
  expect(server.state.files.size).toBe(0);
  expect(server.state.vectorStores.size).toBe(0);
});
