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
const AT_OPENAI = ["local", "openai"];

/** What a team has: one of every kind, one being read, one that cannot be used, and an archive of eight files. */
export async function addTeamDocuments(web: PageUnderTest): Promise<void> {
  const kept = { state: "ready", engines: AT_OPENAI } as const;
  const day = (number: number): { createdAt: number } => ({ createdAt: Date.UTC(2026, 9, number, 9, 30) });
  const archive = await addTeamDocument(web, "policies.zip", {
    ...{ state: "ready", type: ARCHIVE, sizeBytes: 9_400_000 },
    ...day(1),
  });
  for (let n = 1; n <= 8; n++) {
    await addTeamDocument(web, `policies.zip-${n}.md`, {
      ...{ ...kept, type: MARKDOWN, unit: "section", tokens: 800 + n, sizeBytes: 4000 * n, containerId: archive },
      ...{ name: `policies.zip/2026/policy-${n}.md`, state: n === 8 ? "reading" : "ready" },
      ...day(1),
    });
  }
  await addTeamDocument(web, "handbook.pdf", {
    ...{ ...kept, pages: 412, tokens: 98_000, sizeBytes: 12_400_000 },
    ...day(2),
  });
  await addTeamDocument(web, "Q3 review of the whole company, final version (2) for the board.pptx", {
    ...{ ...kept, pages: null, type: SLIDES, unit: "slide", tokens: 4200, sizeBytes: 350_000_000 },
    ...day(3),
  });
  await addTeamDocument(web, "budget.xlsx", {
    ...{ ...kept, type: SHEETS, unit: "sheet", tokens: 31_000, sizeBytes: 84_000 },
    ...day(4),
  });
  await addTeamDocument(web, "contract-scan.pdf", {
    ...{ state: "failed", sizeBytes: 2_100_000, pages: 3 },
    problem: { code: "file_scanned", details: { name: "contract-scan.pdf" } },
    ...day(5),
  });
  // As macOS writes it, and as it then stands in an archive that was made there.
  await addTeamDocument(web, "취업규칙.pdf", {
    ...{ name: "취업규칙.pdf".normalize("NFD"), state: "reading", pages: 48, sizeBytes: 1_300_000 },
    ...day(6),
  });
}
