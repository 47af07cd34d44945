/**
 * How many search results a question needs: on which place the first chunk stands that is from a page with the answer,
 * with the ranking of the test server's vector store, which knows words and no meanings.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { OpenAI } from "openai";
import { startOpenAIServer } from "../test/servers/openai-server.ts";
import { search } from "../test/servers/openai/vector-store-routes.ts";

interface QuestionLine {
  readonly document: string;
  readonly question: string;
  readonly pages: readonly number[];
}

const DEPTHS = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20];

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write("Usage: npm run bench:search-depth -- FOLDER\nFOLDER holds questions.jsonl and files/.\n");
  process.exitCode = 2;
} else {
  await bench(folder);
}

async function bench(from: string): Promise<void> {
  const lines = (await readFile(path.join(from, "questions.jsonl"), "utf8"))
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as QuestionLine)
    .filter(({ pages }) => pages.length > 0);
  const server = await startOpenAIServer();
  const client = new OpenAI({ apiKey: "test-key", baseURL: server.url });
  const all = await client.vectorStores.create({ name: "all" });
  for (const name of new Set(lines.map(({ document }) => document))) {
    const bytes = await readFile(path.join(from, "files", name));
    const file = await client.files.create({ file: new File([bytes], name), purpose: "user_data" });
    await client.vectorStores.files.createAndPoll(all.id, { file_id: file.id }, { pollIntervalMs: 50 });
  }
  const store = server.state.vectorStores.get(all.id);
  if (store === undefined) throw new Error("There is no store.");
  const places = { own: [] as number[], mixed: [] as number[] };
  for (const line of lines) {
    const own = { ...store, files: new Map([...store.files].filter(([, { filename }]) => filename === line.document)) };
    places.own.push(placeOf(line, search([own], line.question, { filters: undefined, limit: 50 })));
    places.mixed.push(placeOf(line, search([store], line.question, { filters: undefined, limit: 50 })));
  }
  await server.close();
  const share = (found: readonly number[], depth: number): string =>
    (found.filter((place) => place <= depth).length / found.length).toFixed(3);
  const rows = DEPTHS.map((depth) => `| ${depth} | ${share(places.own, depth)} | ${share(places.mixed, depth)} |`);
  process.stdout.write(
    `${lines.length} questions.\n\n| results | its own document | all documents |\n|---|---|---|\n${rows.join("\n")}\n`,
  );
}

function placeOf({ document, pages }: QuestionLine, hits: ReturnType<typeof search>): number {
  const index = hits.findIndex(({ filename, piece }) => {
    const from = piece.source.pages.slice(piece.first, piece.end);
    return filename === document && pages.some((page) => from.includes(page));
  });
  return index === -1 ? Number.POSITIVE_INFINITY : index + 1;
}
