import type { Readiness } from "../../core/ports/readiness.ts";
import type { Setup } from "../../core/ports/setup.ts";
import type { Blobs, MessageLog } from "../../core/ports/stores.ts";
import type { Bulletin, Clock, Log } from "../../core/ports/system.ts";

export interface WebBotOptions {
  readonly messages: MessageLog;
  readonly blobs: Blobs;
  /** Pages may be open at another replica than the one where something happens. */
  readonly bulletin: Bulletin;
  readonly clock: Clock;
  readonly log: Log;
  readonly maxFileMb: number;
  /** Files in one message; what is over it is refused by name. Default 50. */
  readonly maxFilesPerMessage?: number;
  /** Asked for before anything else is answered; required when the server listens beyond this machine. */
  readonly token?: string;
  /** The server listens on a loopback address only. */
  readonly loopback: boolean;
  /** A language of `core/texts`, or `auto`: what the browser asks for. */
  readonly language: string;
  /** Shown in the page; `local` adds a hint how to get written answers. */
  readonly engineName: string;
  /** Whether the engine works; the page tells when it does not. Default: it does. */
  readonly checkEngine?: () => Promise<Readiness>;
  /** Offered to browsers on this machine; undefined where it is not offered at all. */
  readonly setup?: Setup;
}
