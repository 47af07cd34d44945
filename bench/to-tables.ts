import type { Results } from "./results.ts";

/** The results as Markdown tables. */
export function toTables(results: Results): string {
  const { addedTime, saturation, memory, start, uploads } = results;
  return [
    table(
      "Added to the model's time",
      ["", "platform", "conversations at once", "questions", "p50 ms", "p95 ms", "p99 ms", "lost"],
      addedTime.map((each) => [
        each.contestant,
        each.platform,
        each.conversations,
        each.questions,
        whole(each.p50),
        whole(each.p95),
        whole(each.p99),
        each.lost,
      ]),
    ),
    table(
      "Saturation, with a model that takes no time",
      ["", "platform", "questions/s", "processor ms a question", "questions/s of one core", "lost"],
      saturation.map((each) => [
        each.contestant,
        each.platform,
        whole(each.questionsPerSecond),
        each.processorMsPerQuestion.toFixed(1),
        whole(1000 / each.processorMsPerQuestion),
        each.lost,
      ]),
    ),
    table(
      "Memory with Slack and Discord connected",
      ["", "idle MB", "after MB", "questions", "kB an idle conversation"],
      memory.map((each) => [
        each.contestant,
        whole(each.idleMb),
        whole(each.afterQuestionsMb),
        each.questions,
        each.kbPerConversation.toFixed(1),
      ]),
    ),
    table(
      "Start to ready",
      ["", "ms"],
      start.map((each) => [each.contestant, whole(each.readyMs)]),
    ),
    table(
      "Upload to answer (Docent; the peers read no files)",
      ["pages", "MB", "seconds"],
      uploads.map((each) => [each.pages, each.megabytes.toFixed(1), (each.ms / 1000).toFixed(1)]),
    ),
  ]
    .filter((text) => text !== "")
    .join("\n");
}

function table(title: string, head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |\n`;
  return `### ${title}\n\n${line(head)}${line(head.map(() => "---"))}${rows.map(line).join("")}`;
}

function whole(value: number): string {
  return value.toFixed(0);
}
