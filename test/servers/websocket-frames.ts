/** One frame of RFC 6455, section 5.2. */
export interface Frame {
  readonly isFinal: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** What a peer did wrong, with the close code that says so. */
export class ProtocolError extends Error {
  readonly closeCode: number;

  constructor(closeCode: number, message: string) {
    super(message);
    this.name = "ProtocolError";
    this.closeCode = closeCode;
  }
}

/** A server's frame: never masked. */
export function encodeFrame(opcode: number, payload: Buffer, isFinal = true): Buffer {
  const first = (isFinal ? 0x80 : 0) | opcode;
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  if (length < 0x1_00_00) {
    const head = Buffer.from([first, 126, 0, 0]);
    head.writeUInt16BE(length, 2);
    return Buffer.concat([head, payload]);
  }
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

/**
 * Takes bytes as they come and gives the whole frames that are in them.
 * @throws ProtocolError for frames that no client may send: unmasked, reserved bits, fragmented or long control frames.
 */
export function createFrameReader(maxBytes: number): (bytes: Buffer) => readonly Frame[] {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const frames: Frame[] = [];
    for (;;) {
      const read = readFrame(rest, maxBytes);
      if (read === null) return frames;
      frames.push(read.frame);
      rest = rest.subarray(read.size);
    }
  };
}

function readFrame(bytes: Buffer, maxBytes: number): { frame: Frame; size: number } | null {
  if (bytes.length < 2) return null;
  const first = bytes.readUInt8(0);
  const second = bytes.readUInt8(1);
  const opcode = first & 0x0f;
  const isFinal = (first & 0x80) !== 0;
  if ((first & 0x70) !== 0) throw new ProtocolError(1002, "A reserved bit is set; no extension was agreed on.");
  if ((second & 0x80) === 0) throw new ProtocolError(1002, "A client's frame is not masked.");
  const short = second & 0x7f;
  if (opcode >= OPCODE.close && (short > 125 || !isFinal)) {
    throw new ProtocolError(1002, "A control frame is fragmented or longer than 125 bytes.");
  }
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const headSize = 2 + lengthBytes + 4;
  if (bytes.length < headSize) return null;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (length > maxBytes) throw new ProtocolError(1009, `A frame has ${length} bytes, the limit is ${maxBytes}.`);
  if (bytes.length < headSize + length) return null;
  const mask = bytes.subarray(headSize - 4, headSize);
  const payload = Buffer.from(bytes.subarray(headSize, headSize + length));
  for (let index = 0; index < payload.length; index += 1) {
    payload[index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
  }
  return { frame: { isFinal, opcode, payload }, size: headSize + length };
}
