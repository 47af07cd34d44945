import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

import type { FileType } from "../core/document.ts";
import { readStart } from "./read-start.ts";

const BLOCK_BYTES = 512;
const CHECKSUM_AT = 148;
const CHECKSUM_BYTES = 8;

/** Whether a file is a tar, plain or packed with gzip; undefined when it is neither. */
export async function detectTar(path: string): Promise<FileType | undefined> {
  const start = await readStart(path, BLOCK_BYTES);
  if (isTarHeader(start)) return { kind: "archive", mimeType: "application/x-tar", extension: "tar" };
  if (start[0] !== 0x1f || start[1] !== 0x8b) return undefined;
  const isPacked = isTarHeader(await unpackStart(path).catch(() => new Uint8Array()));
  return isPacked ? { kind: "archive", mimeType: "application/gzip", extension: "tgz" } : undefined;
}

async function unpackStart(path: string): Promise<Uint8Array> {
  const source = createReadStream(path);
  const unpacked = source.pipe(createGunzip());
  source.on("error", (error) => unpacked.destroy(error));
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of unpacked) {
      // Without an encoding a stream gives bytes.
      parts.push(part as Uint8Array);
      bytes += (part as Uint8Array).length;
      if (bytes >= BLOCK_BYTES) break;
    }
  } finally {
    source.destroy();
  }
  return Buffer.concat(parts).subarray(0, BLOCK_BYTES);
}

/** Whether 512 bytes are the head of a tar. Old programs write no `ustar` into it; the sum of its bytes they all write. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < BLOCK_BYTES || block[0] === 0) return false;
  const field = Buffer.from(block.subarray(CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES)).toString("latin1");
  const stated = /^[\0 ]*([0-7]{1,7})[\0 ]/.exec(field)?.[1];
  if (stated === undefined) return false;
  let sum = 0;
  for (const [index, byte] of block.entries()) {
    sum += index >= CHECKSUM_AT && index < CHECKSUM_AT + CHECKSUM_BYTES ? 0x20 : byte;
  }
  return sum === Number.parseInt(stated, 8);
}
