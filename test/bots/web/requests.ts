import type { HttpMount } from "../../../src/core/ports/system.ts";

/** Asks a mount as a client on this machine does, or at another address. */
export function ask(mount: HttpMount, path: string, init: RequestInit = {}, address = "127.0.0.1"): Promise<Response> {
  return mount.handle(new Request(`http://localhost:3000${path}`, init), { address });
}

/** A form with text, files by name, and more fields. */
export function toForm(
  fields: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const [name, content] of Object.entries(files)) form.append("files", new Blob([content]), name);
  return form;
}

/** Posts a message to a channel. */
export function say(mount: HttpMount, channel: string, body: FormData): Promise<Response> {
  return ask(mount, `/api/channels/${encodeURIComponent(channel)}/messages`, { method: "POST", body });
}

/** The JSON of a response. Its shape is what the tests are about: they look at it with `expect`. */
export async function json(response: Response | Promise<Response>): Promise<Readonly<Record<string, unknown>>> {
  return (await (await response).json()) as Record<string, unknown>;
}

/** Reads server-sent events one after the other. */
export function readEvents(response: Response): { next(): Promise<string>; cancel(): Promise<void> } {
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  const decoder = new TextDecoder();
  let buffer = "";
  return {
    /** The next block up to its blank line; empty when the stream has ended. */
    async next() {
      while (!buffer.includes("\n\n")) {
        const { value, done } = await reader.read();
        if (done) return "";
        buffer += decoder.decode(value, { stream: true });
      }
      const end = buffer.indexOf("\n\n");
      const block = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      return block;
    },
    cancel: () => reader.cancel(),
  };
}
