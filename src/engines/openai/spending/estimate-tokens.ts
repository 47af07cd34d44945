/**
 * Estimated tokens of a text: four characters are one, a Chinese, Japanese or Korean character is one by itself. Good
 * enough to decide by; what is billed comes from OpenAI's `usage`.
 */
export function estimateTokens(text: string): number {
  const wide = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ?? 0;
  return wide + Math.ceil((text.length - wide) / 4);
}
