import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { makeLongPdf } from "../fixtures/make-pdf.ts";
import { startPostgresServer, type PostgresServer } from "../servers/postgres-server.ts";
import { startProgram, visit, type Program } from "./program.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer();
});
afterAll(() => server.remove());

/** Each with a folder of its own, as on two machines. */
async function startTwo(): Promise<readonly [Program, Program]> {
  const url = await server.createDatabase();
  return await Promise.all([
    startProgram({ DATABASE_URL: url, DATA_DIR: temporaryFolder() }),
    startProgram({ DATABASE_URL: url, DATA_DIR: temporaryFolder() }),
  ]);
}

async function contentOf(program: Program, documentId: string, range: string): Promise<Response> {
  return await fetch(`${program.url}/api/documents/${documentId}/content`, { headers: { range } });
}

it("two replicas are one Docent: a file given to one is read, cited, opened and deleted at the other", async () => {
  const [one, two] = await startTwo();
  const pdf = await makeLongPdf(60);
  await visit(one, "general").ask("What is the code of room 7?", [{ name: "rooms.pdf", bytes: pdf }]);
  const answer = await visit(two, "general").ask("And the code of room 31?");
  const [citation] = answer.citations;
  expect(citation).toMatchObject({ document: "rooms.pdf", page: 31 });
  const content = await contentOf(two, citation?.documentId ?? "", "bytes=0-99");
  expect(content.status).toBe(206);
  expect(Buffer.from(await content.arrayBuffer()).equals(pdf.subarray(0, 100))).toBe(true);
  expect((await visit(one, "general").messages()).map(({ author }) => author)).toEqual([
    "you",
    "docent",
    "you",
    "docent",
  ]);
  await visit(two, "general").forget();
  expect(await visit(one, "general").documents()).toEqual([]);
  expect((await contentOf(one, citation?.documentId ?? "", "bytes=0-99")).status).toBe(404);
});
