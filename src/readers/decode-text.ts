import { guessEncodings } from "./guess-encoding.ts";

/** A few damaged characters do not make a long UTF-8 text something else. */
const MAX_DAMAGED_SHARE = 0.001;
/** Bytes at random hold far more. */
const MAX_CONTROL_SHARE = 0.01;
/** Begins a colour in the log of a program. */
const COLOUR = "\u001B[";
const GUESS_BYTES = 65_536;

/**
 * Decodes bytes that are text in UTF-8, UTF-16 or a common legacy encoding; null when they are not text.
 * `isPart` says that the bytes may end within a character.
 */
export function decodeText(bytes: Uint8Array, isPart = false): string | null {
  const text = decodeUnicode(bytes, isPart) ?? decodeLegacy(bytes, isPart);
  return text === null || hasControls(text) ? null : text;
}

function decodeUnicode(bytes: Uint8Array, isPart: boolean): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode("utf-16le", bytes, isPart);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode("utf-16be", bytes, isPart);
  if (bytes.includes(0)) return decodeUtf16WithoutMark(bytes, isPart);
  const text = decode("utf-8", bytes, isPart);
  if (text !== null) return text;
  const damaged = new TextDecoder("utf-8").decode(bytes, { stream: isPart });
  // Where even UTF-8 beyond ASCII is damaged only here and there; a single accent of another encoding is not that.
  const isUtf8 = /[^\p{ASCII}\uFFFD]/u.test(damaged);
  return isUtf8 && countMatches(damaged, /\uFFFD/g) <= damaged.length * MAX_DAMAGED_SHARE ? damaged : null;
}

/** Western text in UTF-16 has a zero in every second byte, and in no other. */
function decodeUtf16WithoutMark(bytes: Uint8Array, isPart: boolean): string | null {
  const sample = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const most = sample.length * 0.35;
  if (odd > most && even === 0) return decode("utf-16le", bytes, isPart);
  if (even > most && odd === 0) return decode("utf-16be", bytes, isPart);
  return null;
}

function decodeLegacy(bytes: Uint8Array, isPart: boolean): string | null {
  if (bytes.includes(0)) return null;
  const firstBeyondAscii = Math.max(
    bytes.findIndex((byte) => byte >= 0x80),
    0,
  );
  // The guess looks at a part of a long file, from where it differs from ASCII.
  for (const label of guessEncodings(bytes.subarray(firstBeyondAscii, firstBeyondAscii + GUESS_BYTES))) {
    const text = decode(label, bytes, isPart);
    if (text !== null) return text;
  }
  return null;
}

function decode(label: string, bytes: Uint8Array, isPart: boolean): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes, { stream: isPart });
  } catch {
    return null;
  }
}

function hasControls(text: string): boolean {
  if (text.includes("\0")) return true;
  const controls = countMatches(text.replaceAll(COLOUR, ""), /[\p{Cc}--[\t\n\r\f]]/gv);
  return controls > text.length * MAX_CONTROL_SHARE;
}

function countMatches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
