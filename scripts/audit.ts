/**
 * `npm run audit`: compares what OpenAI holds with what Docent knows, and lists what is unknown or missing.
 * `--remove` deletes what is unknown. Docent may be running. Exits with 1 when something was found and not removed.
 */
import { parseConfig } from "../src/config.ts";
import { createSystemClock } from "../src/core/system-clock.ts";
import { auditOpenAI, removeUnknown } from "../src/engines/openai/audit.ts";
import { createOpenAIClient } from "../src/engines/openai/openai-client.ts";
import type { DocumentRecord, VectorStoreRecord } from "../src/engines/openai/records.ts";
import { readDotenv } from "../src/read-dotenv.ts";
import { openRecords } from "./open-records.ts";
import { readArguments } from "./read-arguments.ts";

/** Younger files may be uploads of a running Docent. */
const MIN_AGE_SECONDS = 60 * 60;

const USAGE = `npm run audit -- [--remove] [--min-age-seconds N]

Lists what OpenAI holds and Docent does not know, and what is missing there. Docent may be running.

  --remove             deletes what is unknown
  --min-age-seconds N  leaves younger files alone, which may be uploads under way; ${MIN_AGE_SECONDS} unless given

Ends with 1 when something was found and not removed.
`;

const { values } = readArguments(USAGE, {
  options: { remove: { type: "boolean", default: false }, "min-age-seconds": { type: "string" } },
});
const config = parseConfig({ ...readDotenv(".env"), ...process.env });
if (config.openai === null) fail("OPENAI_API_KEY is not set: there is nothing at OpenAI to compare with.");

const log = { debug() {}, info() {}, warn() {}, error() {} };
const client = createOpenAIClient({ ...config.openai, model: config.model, clock: createSystemClock(), log });
const records = await openRecords(config, log).catch((error: unknown) =>
  fail(error instanceof Error ? error.message : String(error)),
);
const fileIds = new Set<string>();
const vectorStoreIds = new Set<string>();
// A document that was deleted while no key was set has left a record, and nobody who would delete its file.
const documentIds = await records.documentIds();
for await (const [documentId, { fileId }] of records.entries<DocumentRecord>("openai-documents")) {
  if (documentIds.has(documentId)) fileIds.add(fileId);
}
for await (const [, { vectorStoreId, documents }] of records.entries<VectorStoreRecord>("openai-vector-stores")) {
  if (Object.keys(documents).some((id) => documentIds.has(id))) vectorStoreIds.add(vectorStoreId);
}
await records.close();

const minAge = Number(values["min-age-seconds"] ?? MIN_AGE_SECONDS);
const createdBefore = Math.floor(Date.now() / 1000) - minAge;
const findings = await auditOpenAI(client, { fileIds, vectorStoreIds }, { createdBefore });
for (const { kind, id, name, sizeBytes } of findings) {
  const size = sizeBytes === null ? "" : `, ${sizeBytes} bytes`;
  process.stdout.write(`${kind} ${id}${name === null ? "" : ` “${name}”`}${size}\n`);
}
const unknown = findings.filter(({ kind }) => kind.startsWith("unknown"));
process.stdout.write(
  `${fileIds.size} files and ${vectorStoreIds.size} vector stores are known; ` +
    `${unknown.length} unknown, ${findings.length - unknown.length} missing. Conversations cannot be listed.\n`,
);
if (values.remove) {
  await removeUnknown(client, unknown);
  process.stdout.write(`${unknown.length} removed.\n`);
} else if (unknown.length > 0) {
  process.stdout.write("If nobody else uses this OpenAI project: npm run audit -- --remove\n");
}
process.exit(findings.length > 0 && !values.remove ? 1 : 0);

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
