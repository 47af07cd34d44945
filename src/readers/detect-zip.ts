import type { FileType } from "../core/document.ts";
import { openZip, type OpenZip } from "./open-zip.ts";
import { ReadProblem } from "./read-problem.ts";

const OOXML = "application/vnd.openxmlformats-officedocument.";
const ZIP: FileType = { kind: "archive", mimeType: "application/zip", extension: "zip" };

/** Office files by the folder of their parts; one with macros is read without them, and known by its own extension. */
const OFFICE: readonly (readonly [part: RegExp, plain: FileType, withMacros: string])[] = [
  [/^word\/.*\.xml$/, { kind: "office", mimeType: `${OOXML}wordprocessingml.document`, extension: "docx" }, "docm"],
  [/^ppt\/.*\.xml$/, { kind: "office", mimeType: `${OOXML}presentationml.presentation`, extension: "pptx" }, "pptm"],
  [/^xl\/.*\.xml$/, { kind: "workbook", mimeType: `${OOXML}spreadsheetml.sheet`, extension: "xlsx" }, "xlsm"],
];

/** What a file says in its part `mimetype`. */
const NAMED: Readonly<Record<string, FileType["kind"] & ("office" | "workbook")>> = {
  "application/vnd.oasis.opendocument.text": "office",
  "application/vnd.oasis.opendocument.spreadsheet": "workbook",
  "application/vnd.oasis.opendocument.presentation": "office",
  "application/epub+zip": "office",
};
const EXTENSIONS: Readonly<Record<string, string>> = {
  text: "odt",
  spreadsheet: "ods",
  presentation: "odp",
  "epub+zip": "epub",
};
const MAX_ENTRIES = 20_000;
const MAX_MIMETYPE_BYTES = 256;

/** Which of the many formats that are a ZIP a file is. @throws ReadProblem `file_broken` */
export async function detectZip(path: string): Promise<FileType | { readonly unsupported: string }> {
  try {
    await using zip = await openZip(path, MAX_ENTRIES);
    return (await detectNamed(zip)) ?? detectOffice(zip) ?? ZIP;
  } catch (error) {
    // More files than any Office file has parts: whoever unpacks it says how many are too many.
    if (error instanceof ReadProblem && error.code === "file_too_many_inside") return ZIP;
    throw error;
  }
}

async function detectNamed({ entries }: OpenZip): Promise<FileType | undefined> {
  const [first] = entries;
  if (first?.name !== "mimetype" || first.isEncrypted) return undefined;
  let mimeType = "";
  for await (const bytes of await first.open()) {
    mimeType += Buffer.from(bytes).toString("latin1");
    if (mimeType.length > MAX_MIMETYPE_BYTES) return undefined;
  }
  mimeType = mimeType.trim();
  const kind = NAMED[mimeType];
  const extension = EXTENSIONS[mimeType.split(/[./]/).at(-1) ?? ""];
  return kind === undefined || extension === undefined ? undefined : { kind, mimeType, extension };
}

function detectOffice({ entries }: OpenZip): FileType | { readonly unsupported: string } | undefined {
  const names = entries.map(({ name }) => name);
  if (!names.includes("[Content_Types].xml")) return undefined;
  if (names.includes("xl/workbook.bin")) return { unsupported: "XLSB" };
  const found = OFFICE.find(([part]) => names.some((name) => part.test(name)));
  if (found === undefined) return undefined;
  const [, plain, withMacros] = found;
  return names.some((name) => name.endsWith("/vbaProject.bin")) ? { ...plain, extension: withMacros } : plain;
}
