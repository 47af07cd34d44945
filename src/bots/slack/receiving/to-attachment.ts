import type { Attachment, Problem } from "../../../core/incoming.ts";
import type { SlackFile } from "../payloads.ts";
import { toPermalink, type FileReference } from "../reply-to.ts";
import type { Room } from "../room.ts";

/** The message that brought a file. */
export interface FileOrigin {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly isNote: boolean;
}

/** Files of a message as core knows them. Names that Slack Connect withholds are asked for, as far as time allows. */
export async function toAttachments(
  room: Room,
  files: readonly SlackFile[] | undefined,
  origin: FileOrigin,
): Promise<readonly Attachment[]> {
  return await Promise.all((files ?? []).map((file) => toAttachment(room, file, origin)));
}

/** The key of a file: the same wherever and however often it is shared. */
export function toFileKey(teamId: string, fileId: string): string {
  return `slack:${teamId}:${fileId}`;
}

async function toAttachment(room: Room, given: SlackFile, origin: FileOrigin): Promise<Attachment> {
  const file = given.file_access === "check_file_info" ? await askForFile(room, given) : given;
  const { teamId, teamUrl } = room.identity();
  const name = file.name || file.title || file.id;
  const reference: FileReference = {
    fileId: file.id,
    channel: origin.channel,
    ts: origin.ts,
    permalink: toPermalink(teamUrl, origin.channel, origin.ts, origin.threadTs),
    isNote: origin.isNote,
  };
  const problem = problemOf(file, name, room.options.maxFileMb);
  return {
    key: toFileKey(teamId, file.id),
    name,
    sizeBytes: file.size ?? null,
    reference,
    ...(problem === null ? {} : { problem }),
  };
}

/**
 * Slack Connect events hold only the file's id (docs.slack.dev/apis/slack-connect/#check_file_info). The acknowledgement
 * must not wait long for it; the download asks again in any case.
 */
async function askForFile(room: Room, file: SlackFile): Promise<SlackFile> {
  const asked = room.api
    .call<{ file: SlackFile }>("files.info", { file: file.id }, { isRepeatable: true })
    .then((answer) => answer.file)
    .catch(() => file);
  const patience = new AbortController();
  const tired = room.options.clock.sleep(1_200, patience.signal).then(
    () => file,
    () => file,
  );
  try {
    return await Promise.race([asked, tired]);
  } finally {
    patience.abort("done");
  }
}

/** What makes a file useless before anybody fetches it. */
export function problemOf(file: SlackFile, name: string, maxFileMb: number | undefined): Problem | null {
  if (file.mode === "tombstone" || file.mode === "hidden_by_limit") return { code: "file_gone", details: { name } };
  if (file.file_access === "access_denied") return { code: "file_download_failed", details: { name } };
  if (file.mode === "external" || file.is_external === true) {
    return { code: "file_unsupported", details: { name, type: file.external_type || "external" } };
  }
  if (maxFileMb !== undefined && (file.size ?? 0) > maxFileMb * 1024 * 1024) {
    return { code: "file_too_large", details: { name, maxMb: maxFileMb } };
  }
  return null;
}
