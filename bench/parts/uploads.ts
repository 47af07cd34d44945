import { makePdf } from "../../test/fixtures/make-pdf.ts";
import type { Contestant } from "../contestant.ts";
import { toQuestion } from "../model.ts";
import type { Upload } from "../results.ts";
import { openScene } from "../scene.ts";

const LINES = 40;

function toPage(page: number): string {
  const line = (at: number): string =>
    `Paragraph ${page}.${at}: the department for matter ${page * 31 + at} keeps its records for ${(at % 9) + 1} years.`;
  return Array.from({ length: LINES }, (_, at) => line(at)).join("\n");
}

/** Measures the time from a message with a PDF and a question to the answer, with a model that takes no time. */
export async function measureUploads(
  docent: Contestant,
  options: { readonly isQuick: boolean; readonly say: (text: string) => void },
): Promise<readonly Upload[]> {
  const results: Upload[] = [];
  const scene = await openScene(docent);
  scene.model.takesTime(false);
  try {
    for (const [index, pages] of (options.isQuick ? [10, 100] : [10, 100, 500, 2_000]).entries()) {
      const bytes = await makePdf(Array.from({ length: pages }, (_, page) => toPage(page + 1)));
      const { promise: answered, resolve } = Promise.withResolvers<void>();
      scene.slack.onAnswer((question) => {
        if (question === index + 1) resolve();
      });
      const startedAt = performance.now();
      scene.slack.ask(index, toQuestion(index + 1), [{ name: `records-${pages}.pdf`, bytes }]);
      await answered;
      const result = { pages, megabytes: bytes.byteLength / 1e6, ms: performance.now() - startedAt };
      options.say(`${pages} pages: ${result.ms.toFixed(0)} ms`);
      results.push(result);
    }
    return results;
  } finally {
    await scene.close();
  }
}
