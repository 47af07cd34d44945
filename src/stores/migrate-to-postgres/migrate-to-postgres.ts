import type { DatabaseSync } from "node:sqlite";
import { DocentError } from "../../core/errors.ts";
import type { Postgres } from "../postgres/open-postgres.ts";
import { countMissing, countMissingDependents } from "./count-missing.ts";
import { createDocumentPart } from "./document-part.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { countMissingBlobs, moveBlobs, type BlobTarget } from "./move-blobs.ts";
import { movePart, readProgress } from "./move-part.ts";
import type { Moved, Part } from "./part.ts";
import { createPassagePart } from "./passage-part.ts";
import { createTableParts } from "./table-parts.ts";
import { createTurnPart } from "./turn-part.ts";

export interface Migration {
  /** The file of an installation that nobody else has open. */
  readonly db: DatabaseSync;
  readonly postgres: Postgres;
  /** The folder of its files, and where they go. */
  readonly blobs: { readonly folder: string; readonly target: BlobTarget };
  /** Told after every batch. */
  readonly onProgress: (part: string, rows: number) => void;
}

/**
 * Moves an installation on SQLite into Postgres and looks whether all arrived. Begun again after an interruption it goes
 * on; once done, it adds nothing. The source is only read.
 * @throws DocentError `internal` when the target has taken in another installation, or this one in an earlier state
 */
export async function migrateToPostgres({ db, postgres, blobs, onProgress }: Migration): Promise<{
  /** In the order of their names; also when they were moved by an earlier call. */
  readonly tables: readonly Moved[];
  /** False when an earlier call had moved all of it. */
  readonly isNew: boolean;
}> {
  if (await isFinished(postgres, fingerprintOf(db))) {
    return { tables: await readProgress(postgres.query), isNew: false };
  }
  // What is gone comes first: nothing below may bring it back. Passages go to documents that are there.
  const parts = [...createTableParts(db), createTurnPart(db), createDocumentPart(db), createPassagePart(db)];
  for (const part of parts) await movePart(postgres, part, (rows) => onProgress(part.name, rows));
  await moveBlobs(postgres, blobs.folder, blobs.target, (files) => onProgress("blobs", files));
  await verify(parts, postgres, blobs);
  await postgres.query("UPDATE docent.moves SET finished_at = coalesce(finished_at, now())");
  return { tables: await readProgress(postgres.query), isNew: true };
}

async function verify(parts: readonly Part[], postgres: Postgres, blobs: Migration["blobs"]): Promise<void> {
  const missing = { ...(await countMissingDependents(postgres.query)) };
  for (const part of parts) missing[part.name] = await countMissing(postgres, part);
  missing["blobs"] = await countMissingBlobs(blobs.folder, blobs.target);
  const lacking = Object.entries(missing).filter(([, count]) => count > 0);
  if (lacking.length === 0) return;
  throw new DocentError(
    "internal",
    `Rows are not in the target: ${lacking.map(([table, count]) => `${count} of ${table}`).join(", ")}. ` +
      "Is a Docent running on it, or something else that deletes? Stop it, drop the schema docent of this database, " +
      "and move again.",
  );
}

async function isFinished(postgres: Postgres, source: string): Promise<boolean> {
  await postgres.query("INSERT INTO docent.moves (source) VALUES ($1) ON CONFLICT DO NOTHING", [source]);
  const { rows } = await postgres.query<{ source: string; finished_at: Date | null }>(
    "SELECT source, finished_at FROM docent.moves",
  );
  const known = rows[0];
  if (known === undefined || known.source === source) return known?.finished_at instanceof Date;
  throw new DocentError(
    "internal",
    known.finished_at === null
      ? "A move into this database was interrupted, and the folder has changed since, or it was another folder. " +
          "Drop the schema docent of this database and move again, or move into an empty one."
      : "This database has taken in an installation already: another one, or this one before it was used again. " +
          "Nothing was moved. Move into an empty database.",
  );
}
