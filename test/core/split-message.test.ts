import { describe, expect, it } from "vitest";
import { splitMessage } from "../../src/core/turns/split-message.ts";

const MAX = 200;

function words(text: string): string[] {
  return text.split(/[\s|`#-]+/).filter(Boolean);
}

describe("splitting a message", () => {
  it("leaves what fits as it is", () => {
    expect(splitMessage("Hello\n\nworld", MAX)).toEqual(["Hello\n\nworld"]);
    expect(splitMessage("", MAX)).toEqual([]);
  });

  it("cuts between paragraphs first", () => {
    const paragraph = "word ".repeat(25).trim();
    expect(splitMessage(`${paragraph}\n\n${paragraph}`, MAX)).toEqual([paragraph, paragraph]);
  });

  it("closes a long code block and opens it again with its language", () => {
    const code = Array.from({ length: 30 }, (_, line) => `const value${line} = ${line};`);
    const parts = splitMessage(`Look:\n\n\`\`\`ts\n${code.join("\n")}\n\`\`\`\n\nDone.`, MAX);
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts.filter((each) => each.includes("const"))) {
      expect(part.match(/```/g)?.length, part).toBe(2);
      expect(part).toContain("```ts\n");
    }
    const kept = parts
      .join("\n")
      .split("\n")
      .filter((line) => line.startsWith("const"));
    expect(kept).toEqual(code);
  });

  it("keeps blank lines and fences of another kind inside a code block", () => {
    const block = "````md\nfirst\n\n```js\nx\n```\n\nlast\n````";
    expect(splitMessage(`${"word ".repeat(38)}\n\n${block}`, MAX).at(-1)).toBe(block);
  });

  it("gives each piece of a long table its header", () => {
    const rows = Array.from({ length: 20 }, (_, row) => `| room ${row} | code ${row} |`);
    const parts = splitMessage(["| Room | Code |", "|---|---|", ...rows].join("\n"), MAX);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(part.startsWith("| Room | Code |\n|---|---|\n| room")).toBe(true);
    expect(parts.flatMap((part) => part.split("\n").slice(2))).toEqual(rows);
  });

  it("never cuts a link, an address, inline code or a word", () => {
    const unbroken = [
      "[the handbook of rooms](https://example.com/a/b?c=d)",
      "https://example.com/very/long/path",
      "`npm run check all`",
    ];
    const text = Array.from({ length: 40 }, (_, index) => `word${index} ${unbroken[index % 3]}`).join(" ");
    const parts = splitMessage(text, MAX);
    expect(parts.length).toBeGreaterThan(4);
    for (const piece of unbroken) {
      const count = parts.reduce((sum, part) => sum + part.split(piece).length - 1, 0);
      expect(count, piece).toBe(text.split(piece).length - 1);
    }
    expect(words(parts.join(" "))).toEqual(words(text));
  });

  it("prefers the end of a sentence to the middle of one", () => {
    const sentence = "This sentence has exactly nine words in it today.";
    const parts = splitMessage(Array.from({ length: 12 }, () => sentence).join(" "), MAX);
    for (const part of parts) expect(part.endsWith(".")).toBe(true);
  });

  it("does not leave a heading at the end of a part", () => {
    const parts = splitMessage(`${"word ".repeat(34).trim()}\n\n## Next\n\n${"more ".repeat(20).trim()}`, MAX);
    expect(parts[1]?.startsWith("## Next\n\nmore")).toBe(true);
  });

  it("cuts one endless word between characters, never inside an emoji", () => {
    const family = "👨‍👩‍👧‍👦";
    const parts = splitMessage(family.repeat(60), MAX);
    expect(parts.join("")).toBe(family.repeat(60));
    for (const part of parts) expect(part.length % family.length).toBe(0);
  });

  it("keeps every part within the limit and loses nothing, whatever comes", () => {
    const pieces = [
      "# Title",
      "word ".repeat(90),
      "```\n" + "x".repeat(500) + "\n```",
      "| a | b |\n|---|---|\n| " + "y".repeat(300) + " | z |",
      "- item\n".repeat(60),
      "[l](http://x) ".repeat(40),
      "가나다 ".repeat(80),
    ];
    for (let seed = 0; seed < 200; seed++) {
      const text = Array.from(
        { length: 6 },
        (_, index) => pieces[(seed * 7 + index * (seed % 5) + index) % pieces.length],
      ).join("\n\n");
      const parts = splitMessage(text, MAX);
      for (const part of parts) expect(part.length).toBeLessThanOrEqual(MAX);
      const letters = (each: string): number => each.replace(/[^xy가나다]|http:\/\/x/g, "").length;
      expect(letters(parts.join(""))).toBe(letters(text));
    }
  });
});
