import { describe, expect, it } from "vitest";
import { createDeliveries } from "../../../src/bots/slack/receiving/deliveries.ts";
import type { MessageEvent } from "../../../src/bots/slack/payloads.ts";

const MESSAGE: MessageEvent = { type: "message", channel: "C1", ts: "1.000001", user: "U1", text: "<@U0> rent?" };

describe("deliveries of one message", () => {
  it("are taken once, and each ends as the first does", async () => {
    const deliveries = createDeliveries();
    const { promise, resolve } = Promise.withResolvers<void>();
    let taken = 0;
    const take = async (): Promise<void> => {
      taken += 1;
      await promise;
    };
    let ended = 0;
    const all = [MESSAGE, { ...MESSAGE, type: "app_mention" }, MESSAGE].map(async (event) => {
      await deliveries.once(event, true, take);
      ended += 1;
    });
    await new Promise((later) => setImmediate(later));
    expect([taken, ended]).toEqual([1, 0]);
    resolve();
    await Promise.all(all);
    await deliveries.once(MESSAGE, true, take);
    expect([taken, ended]).toEqual([1, 3]);
  });

  it("are taken by themselves when the one that they waited for fails", async () => {
    const deliveries = createDeliveries();
    const { promise, reject } = Promise.withResolvers<void>();
    const taken: string[] = [];
    const first = deliveries.once(MESSAGE, true, () => promise);
    const others = ["second", "third"].map((name) =>
      deliveries.once(MESSAGE, true, () => Promise.resolve(void taken.push(name))),
    );
    reject(new Error("full"));
    await expect(first).rejects.toThrow("full");
    await Promise.all(others);
    expect(taken).toEqual(["second"]);
  });

  it("are taken anew after one that failed, and when one brings more", async () => {
    const deliveries = createDeliveries();
    await expect(deliveries.once(MESSAGE, true, () => Promise.reject(new Error("full")))).rejects.toThrow("full");
    const taken: string[] = [];
    const withFile = { ...MESSAGE, files: [{ id: "F1" }] };
    const rows: readonly [string, MessageEvent, boolean][] = [
      ["a first", MESSAGE, false],
      ["the same", MESSAGE, false],
      ["a mention", MESSAGE, true],
      ["a file", withFile, true],
      ["a key of Slack Connect", { ...withFile, client_msg_id: "m1" }, true],
      ["another message", { ...MESSAGE, ts: "1.000002" }, true],
    ];
    for (const [label, event, isMention] of rows) {
      await deliveries.once(event, isMention, () => Promise.resolve(void taken.push(label)));
    }
    expect(taken).toEqual(["a first", "a mention", "a file", "a key of Slack Connect", "another message"]);
  });
});
