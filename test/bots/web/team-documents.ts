import type { Document } from "../../../src/core/document.ts";
import type { PageUnderTest } from "./page-under-test.ts";
import { toForm } from "./requests.ts";

type Change = Partial<Document>;

/** Posts a file to team knowledge as another client does, tells what reading found, and gives the document's id. */
export async function addTeamDocument(web: PageUnderTest, name: string, change: Change = {}): Promise<string> {
  const form = toForm({}, { [name]: "x" });
  const response = await fetch(`${web.server.origin}/api/knowledge`, { method: "POST", body: form });
  const { documents } = (await response.json()) as { documents: readonly { id: string }[] };
  const id = documents[0]?.id ?? "";
  await web.docent.changeDocument(id, change);
  return id;
}

const SHEETS = { kind: "workbook", mimeType: "application/x", extension: "xlsx" } as const;
const SLIDES = { kind: "office", mimeType: "application/x", extension: "pptx" } as const;
const ARCHIVE = { kind: "archive", mimeType: "application/zip", extension: "zip" } as const;
const MARKDOWN = { kind: "text", mimeType: "text/markdown", extension: "md" } as const;

/** What a team has: one of every kind, one being read, one that cannot be used, and an archive of eight files. */
export async function addTeamDocuments(web: PageUnderTest): Promise<void> {
  const archive = await addTeamDocument(web, "policies.zip", {
    ...ready(1),
    type: ARCHIVE,
    sizeBytes: 9_400_000,
    tokens: 0,
  });
  for (let n = 1; n <= 8; n++) {
    await addTeamDocument(web, `policy-${n}.md`, {
      ...atOpenAi(1, 4000 * n, 800 + n),
      name: `policies.zip/2026/policy-${n}.md`,
      containerId: archive,
      type: MARKDOWN,
      unit: "section",
      state: n === 8 ? "reading" : "ready",
    });
  }
  await addTeamDocument(web, "handbook.pdf", { ...atOpenAi(2, 12_400_000, 98_000), pages: 412 });
  await addTeamDocument(web, "Q3 review of the whole company, final version (2) for the board.pptx", {
    ...atOpenAi(3, 350_000_000, 4200),
    type: SLIDES,
    unit: "slide",
  });
  await addTeamDocument(web, "budget.xlsx", { ...atOpenAi(4, 84_000, 31_000), type: SHEETS, unit: "sheet" });
  await addTeamDocument(web, "contract-scan.pdf", {
    ...ready(5),
    state: "failed",
    problem: { code: "file_scanned", details: { name: "contract-scan.pdf" } },
    sizeBytes: 2_100_000,
    pages: 3,
  });
  await addTeamDocument(web, "취업규칙.pdf", {
    ...ready(6),
    state: "reading",
    // As macOS writes it, and as it then stands in an archive that was made there.
    name: "취업규칙.pdf".normalize("NFD"),
    sizeBytes: 1_300_000,
    pages: 48,
  });
}

function ready(day: number): Change {
  return { state: "ready", createdAt: Date.UTC(2026, 9, day, 9, 30) };
}

function atOpenAi(day: number, sizeBytes: number, tokens: number): Change {
  return { ...ready(day), engines: ["local", "openai"], sizeBytes, tokens };
}
