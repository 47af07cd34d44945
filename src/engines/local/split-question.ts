const LIST_MARK =
  /^\s*(?:\(?(?:\d{1,2}|[a-z])[.)](?=\s)|[①-⑳]|[-*•·‣](?=\s)|[가나다라마바사아][.)](?=\s)|[一二三四五六七八九十][、.])\s*/iu;
// An ellipsis, "U.S." or "3.5" must not end a sentence, so a full stop counts only before a space and a capital letter.
const SENTENCE_END = /(?<=[?？!！。])['"”’»」』)）]*\s*|(?<=[\p{Ll}\d)]{2}\.)\s+(?=\p{Lu}|[^\p{Script=Latin}\s\d])/u;
/** A part with fewer letters cannot be searched alone: "And why?" */
const MIN_LETTERS = 8;
const MIN_LETTERS_UNSPACED = 4;
const MAX_PARTS = 8;
const REMARK =
  /^(?:please|answer|give|format|round|return|list (?:all|them|the answer)|if|then|thanks?|thank you|state|explain why|express|note|assume|use|write|show|keep|base your|calculate|부탁|감사|단,|なお|ただし|よろしく|お願い|谢谢|謝謝|请用|請用)/iu;

/**
 * The parts of a question that asks for several things, each a question of its own: sentences that ask, lines and
 * items of a list. A question that asks one thing comes back whole, with its remarks.
 */
export function splitQuestion(question: string): string[] {
  const whole = question.trim();
  const lines = whole.split(/\n+/).map((line) => line.trim());
  const isList = lines.filter((line) => LIST_MARK.test(line)).length >= 2;
  const items = isList ? lines.filter((line) => LIST_MARK.test(line)) : splitInlineList(whole);
  const parts = (items ?? [whole.replaceAll(/\n+/g, " ")]).flatMap((item) =>
    splitSentences(item.replace(LIST_MARK, "")),
  );
  return parts.length > 1 && parts.length <= MAX_PARTS ? parts : [whole];
}

/** "1) What was X? 2) Who is Y?" on one line; the numbers must count up from one. */
function splitInlineList(text: string): string[] | undefined {
  const marks = [...text.matchAll(/(?:^|\s)\(?(\d)[.)]\s+|([①-⑳])/gu)];
  const first = marks[0];
  if (first === undefined || marks.length < 2) return undefined;
  const inOrder = marks.every((mark, index) =>
    mark[1] === undefined ? mark[2] === String.fromCodePoint(0x24_60 + index) : Number(mark[1]) === index + 1,
  );
  if (!inOrder) return undefined;
  return marks.map((mark, index) => text.slice(mark.index + mark[0].length, marks[index + 1]?.index).trim());
}

/** Sentences joined so that each part asks something: remarks and scraps stay with the question before them. */
function splitSentences(text: string): string[] {
  const parts: string[] = [];
  let lead = "";
  for (const sentence of text.split(SENTENCE_END).map((piece) => piece.trim())) {
    if (sentence === "") continue;
    if (asksAlone(sentence)) {
      parts.push(`${lead}${sentence}`);
      lead = "";
    } else if (parts.length === 0) {
      lead += `${sentence} `;
    } else {
      parts.push(`${parts.pop() ?? ""} ${sentence}`);
    }
  }
  return lead === "" ? parts : [...parts, lead.trim()];
}

function asksAlone(sentence: string): boolean {
  if (REMARK.test(sentence) && !/[?？]$/.test(sentence)) return false;
  if (!/[?？]['"”’»」』)）]*$/u.test(sentence) && !/(?:까|나요|가요|니|줘|세요|か|吗|呢|嗎)[.。!！]?$/u.test(sentence))
    return false;
  const letters = sentence.match(/\p{L}|\p{N}/gu)?.length ?? 0;
  return (
    letters >=
    (/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}]/u.test(sentence) ? MIN_LETTERS_UNSPACED : MIN_LETTERS)
  );
}
