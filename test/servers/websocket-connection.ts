import type { Duplex } from "node:stream";
import { createFrameReader, encodeFrame, OPCODE, ProtocolError, type Frame } from "./websocket-frames.ts";

/** How a connection ended: 1005 when the close frame had no code, 1006 when there was no close frame. */
export interface SocketClose {
  readonly code: number;
  readonly reason: string;
  /** Who sent the first close frame; `nobody` when the connection was cut. */
  readonly by: "client" | "server" | "nobody";
}

/** The server's end of one WebSocket. Listeners may be many; each `on…` returns a function that removes its own. */
export interface ServerSocket {
  readonly isOpen: boolean;
  /** Sends a text message, with `fragmentBytes` in frames of at most so many bytes. Does nothing once it is closing. */
  send(text: string, options?: { fragmentBytes?: number }): void;
  sendBinary(bytes: Uint8Array): void;
  ping(data?: string): void;
  /** Sends a close frame; the connection ends when the client has answered it, or after a second. */
  close(code?: number, reason?: string): void;
  /** Cuts the connection without a word, as a lost network does. */
  terminate(): void;
  /** Stops reading and answering, pings too, but stays connected: a peer that hangs. `resume` ends it. */
  hang(): void;
  resume(): void;
  onMessage(listener: (text: string) => void): () => void;
  onBinary(listener: (bytes: Buffer) => void): () => void;
  onPing(listener: (data: string) => void): () => void;
  onPong(listener: (data: string) => void): () => void;
  /** Called once; at once when it is closed already. */
  onClose(listener: (close: SocketClose) => void): () => void;
}

const CLOSE_GRACE_MS = 1000;
const NO_CODE = 1005;
const CUT = 1006;

/** Speaks RFC 6455 as a server on a stream whose handshake is done. */
export function createWebSocket(stream: Duplex, limits: { maxMessageBytes: number }): ServerSocket {
  const readFrames = createFrameReader(limits.maxMessageBytes);
  const messages = createListeners<string>();
  const binaries = createListeners<Buffer>();
  const pings = createListeners<string>();
  const pongs = createListeners<string>();
  const closes = createListeners<SocketClose>();
  let fragments: Frame[] = [];
  let ending: SocketClose | null = null;
  let closed: SocketClose | null = null;
  let grace: NodeJS.Timeout | undefined;
  let isBroken = false;

  stream.on("data", (bytes: Buffer) => {
    if (isBroken) return;
    try {
      for (const frame of readFrames(bytes)) take(frame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // What follows cannot be told apart any more: it is read and dropped until the client hangs up.
      isBroken = true;
      close(error.closeCode, error.message);
      stream.end();
    }
  });
  stream.on("error", () => stream.destroy());
  stream.on("end", () => stream.destroy());
  stream.on("close", () => {
    clearTimeout(grace);
    closed = ending ?? { code: CUT, reason: "", by: "nobody" };
    closes.call(closed);
  });

  return {
    get isOpen() {
      return ending === null && closed === null;
    },
    send(text, options = {}) {
      if (ending === null) sendText(Buffer.from(text), options.fragmentBytes ?? Number.POSITIVE_INFINITY);
    },
    sendBinary: (bytes) => write(OPCODE.binary, Buffer.from(bytes)),
    ping: (data = "") => write(OPCODE.ping, Buffer.from(data)),
    close: (code = 1000, reason = "") => close(code, reason),
    terminate: () => void stream.destroy(),
    hang: () => void stream.pause(),
    resume: () => void stream.resume(),
    onMessage: (listener) => messages.add(listener),
    onBinary: (listener) => binaries.add(listener),
    onPing: (listener) => pings.add(listener),
    onPong: (listener) => pongs.add(listener),
    onClose(listener) {
      if (closed !== null) listener(closed);
      return closes.add(listener);
    },
  };

  function write(opcode: number, payload: Buffer, isFinal = true): void {
    if (ending === null && !stream.destroyed) stream.write(encodeFrame(opcode, payload, isFinal));
  }

  function sendText(payload: Buffer, size: number): void {
    for (let start = 0; start === 0 || start < payload.length; start += size) {
      const isLast = start + size >= payload.length;
      write(start === 0 ? OPCODE.text : OPCODE.continuation, payload.subarray(start, start + size), isLast);
    }
  }

  function close(code: number, reason: string): void {
    if (ending !== null || stream.destroyed) return;
    write(OPCODE.close, toClosePayload(code, reason));
    ending = { code, reason, by: "server" };
    grace = setTimeout(() => stream.destroy(), CLOSE_GRACE_MS);
    grace.unref();
  }

  function take(frame: Frame): void {
    const { opcode, payload } = frame;
    if (opcode === OPCODE.ping) {
      write(OPCODE.pong, payload);
      pings.call(payload.toString());
    } else if (opcode === OPCODE.pong) pongs.call(payload.toString());
    else if (opcode === OPCODE.close) takeClose(payload);
    else if (opcode <= OPCODE.binary) takeData(frame);
    else throw new ProtocolError(1002, `The opcode ${opcode} is reserved.`);
  }

  function takeClose(payload: Buffer): void {
    if (ending === null) {
      const code = payload.length >= 2 ? payload.readUInt16BE(0) : NO_CODE;
      write(OPCODE.close, payload.length >= 2 ? payload.subarray(0, 2) : payload);
      ending = { code, reason: payload.subarray(2).toString(), by: "client" };
    }
    stream.end();
  }

  function takeData(frame: Frame): void {
    const isFirst = frame.opcode !== OPCODE.continuation;
    if (isFirst !== (fragments.length === 0)) throw new ProtocolError(1002, "A fragment is out of order.");
    fragments.push(frame);
    const size = fragments.reduce((total, { payload }) => total + payload.length, 0);
    if (size > limits.maxMessageBytes) throw new ProtocolError(1009, "A message is too long.");
    if (!frame.isFinal) return;
    const opcode = fragments[0]?.opcode;
    const whole = Buffer.concat(fragments.map(({ payload }) => payload));
    fragments = [];
    if (opcode === OPCODE.binary) return binaries.call(whole);
    messages.call(toText(whole));
  }
}

function toText(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ProtocolError(1007, "A text message is not UTF-8.");
  }
}

function toClosePayload(code: number, reason: string): Buffer {
  if (code === NO_CODE) return Buffer.alloc(0);
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code, 0);
  return Buffer.concat([head, Buffer.from(reason).subarray(0, 123)]);
}

interface Listeners<T> {
  add(listener: (value: T) => void): () => void;
  call(value: T): void;
}

function createListeners<T>(): Listeners<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    call: (value) => [...listeners].forEach((listener) => listener(value)),
  };
}
