import { describe, expect, it } from "vitest";
import { createDeliveries } from "../../../src/bots/slack/deliveries.ts";
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
      await deliveries.once(event, take);
      ended += 1;
    });
    await new Promise((later) => setImmediate(later));
    expect([taken, ended]).toEqual([1, 0]);
    resolve();
    await Promise.all(all);
    await deliveries.once(MESSAGE, take);
    expect([taken, ended]).toEqual([1, 3]);
  });

  it("are taken anew after one that failed, and when one brings more", async () => {
    const deliveries = createDeliveries();
    await expect(deliveries.once(MESSAGE, () => Promise.reject(new Error("full")))).rejects.toThrow("full");
    const taken: string[] = [];
    for (const event of [MESSAGE, { ...MESSAGE, files: [{ id: "F1" }] }, { ...MESSAGE, ts: "1.000002" }]) {
      await deliveries.once(event, () => Promise.resolve(void taken.push(`${event.ts} ${event.files?.length ?? 0}`)));
    }
    expect(taken).toEqual(["1.000001 0", "1.000001 1", "1.000002 0"]);
  });
});
