import { describe, expect, it } from "vitest";
import type { LoggedMessage, MessageLog } from "../../src/core/ports/stores.ts";
import { sampleMessage } from "../fakes/sample-data.ts";

function answer(id: string, ...cited: readonly string[]): LoggedMessage {
  const citations = cited.map((documentId) => ({ documentId, document: "lease.pdf", place: null, quote: "30 days" }));
  return sampleMessage({ id, author: "docent", kind: "answer", text: "Thirty days [1].", citations });
}

/** What every log of messages must do, whatever it is built on. `open` gives an empty one. */
export function describeMessages(name: string, open: () => Promise<MessageLog>): void {
  describe(`${name} as a log of messages`, () => {
    it("appends a message once and keeps it as it was", async () => {
      const messages = await open();
      const message = sampleMessage({ text: "기간은? \u0000 “'\\" });
      expect(await messages.append(message)).toEqual({ isNew: true });
      expect(await messages.append({ ...message, text: "other" })).toEqual({ isNew: false });
      expect(await messages.list(message.channel)).toEqual([message]);
    });

    it("lists a channel in the order of arrival, with a limit the latest of it", async () => {
      const messages = await open();
      await messages.append(sampleMessage({ id: "m3", createdAt: 3 }));
      await messages.append(sampleMessage({ id: "m1", createdAt: 1 }));
      await messages.append(sampleMessage({ id: "m2", createdAt: 2 }));
      await messages.append(sampleMessage({ id: "other", channel: "web:b" }));
      const ids = async (limit?: number): Promise<string[]> =>
        (await messages.list("web:a", limit === undefined ? {} : { limit })).map(({ id }) => id);
      expect(await ids()).toEqual(["m3", "m1", "m2"]);
      expect(await ids(2)).toEqual(["m1", "m2"]);
      expect(await messages.list("web:unknown")).toEqual([]);
    });

    it("tells the channels with what was last said in each, the latest first", async () => {
      const messages = await open();
      expect(await messages.channels()).toEqual([]);
      await messages.append(sampleMessage({ id: "m1", channel: "web:a", createdAt: 1_756_000_000_001 }));
      await messages.append(sampleMessage({ id: "m2", channel: "web:a", createdAt: 1_756_000_000_002 }));
      await messages.append(sampleMessage({ id: "m3", channel: "web:b", createdAt: 1_756_000_000_003 }));
      expect(await messages.channels()).toEqual([
        { channel: "web:b", lastAt: 1_756_000_000_003, messages: 1 },
        { channel: "web:a", lastAt: 1_756_000_000_002, messages: 2 },
      ]);
    });

    it("takes out every answer that cites a document, and no other", async () => {
      const messages = await open();
      const usage = { model: "m", inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, searches: 0, costUsd: null };
      await messages.append({ ...answer("m1", "d1", "d2", "d1"), usage });
      await messages.append(answer("m2", "d2"));
      await messages.append(sampleMessage({ id: "m3", files: [{ documentId: "d1", name: "lease.pdf" }] }));
      for (let number = 0; number < 450; number += 1) await messages.append(answer(`more${number}`, "d1"));
      await messages.redact("d1", "Removed.");
      const [first, second, third, ...more] = await messages.list("web:a");
      expect(first).toEqual({ ...answer("m1"), usage, text: "Removed.", citations: [] });
      expect(second).toEqual(answer("m2", "d2"));
      expect(third?.text).toBe(sampleMessage().text);
      expect(more.length).toBe(450);
      expect(new Set(more.map(({ text, citations }) => `${text} ${citations.length}`))).toEqual(
        new Set(["Removed. 0"]),
      );
      // The same again, and for one that was taken out already.
      await messages.redact("d1", "Again.");
      await messages.redact("d2", "Second.");
      expect((await messages.list("web:a")).slice(0, 2).map(({ text }) => text)).toEqual(["Removed.", "Second."]);
    });

    it("forgets a channel, or all, until a time, and says how many", async () => {
      const messages = await open();
      await messages.append(sampleMessage({ id: "m1", channel: "web:a", createdAt: 1 }));
      await messages.append(sampleMessage({ id: "m2", channel: "web:a", createdAt: 2 }));
      await messages.append(sampleMessage({ id: "m3", channel: "web:b", createdAt: 1 }));
      await messages.append(sampleMessage({ id: "m4", channel: "web:b", createdAt: 4 }));
      expect(await messages.forgetChannel("web:a", 0)).toBe(0);
      expect(await messages.forgetChannel("web:a", 1)).toBe(1);
      expect((await messages.list("web:a")).map(({ id }) => id)).toEqual(["m2"]);
      expect(await messages.forgetChannel(null, 3)).toBe(2);
      expect(await messages.list("web:a")).toEqual([]);
      expect((await messages.list("web:b")).map(({ id }) => id)).toEqual(["m4"]);
    });
  });
}
