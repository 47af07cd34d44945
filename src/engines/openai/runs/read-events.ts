/** A server-sent event as it came: what is in it is not parsed yet. */
export interface RawEvent {
  /** Empty when the server does not name its events. */
  readonly name: string;
  readonly data: string;
}

/**
 * Reads the events of a `text/event-stream` body, each as soon as it is complete, and calls back. Resolves at the end
 * of the stream or when the reader is cancelled; rejects when it breaks. The SDK's own reader parses every event: an
 * answer comes in hundreds of pieces that nobody needs, since the last event holds all of it.
 */
export async function readEvents(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  onEvent: (event: RawEvent) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  let name = "";
  let data: string[] = [];

  function takeLine(line: string): void {
    if (line === "") {
      if (data.length > 0) onEvent({ name, data: data.join("\n") });
      name = "";
      data = [];
    } else if (line.startsWith("data:")) data.push(valueOf(line));
    else if (line.startsWith("event:")) name = valueOf(line);
  }

  for (;;) {
    const { done, value } = await reader.read();
    rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) takeLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    if (!done) continue;
    // Some servers leave out the empty line behind the last event.
    takeLine(rest);
    takeLine("");
    return;
  }
}

function valueOf(line: string): string {
  const value = line.slice(line.indexOf(":") + 1);
  return value.startsWith(" ") ? value.slice(1) : value;
}
