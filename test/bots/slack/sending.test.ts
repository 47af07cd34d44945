import { afterEach, describe, expect, it } from "vitest";
import type { Incoming } from "../../../src/core/incoming.ts";
import type { SlackMessage } from "../../servers/slack/world.ts";
import { readMessage } from "../../servers/slack/transcript.ts";
import { only, startSlackBot, type SlackUnderTest } from "./slack-under-test.ts";

let under: SlackUnderTest;

afterEach(() => under.close());

async function ask(options: Parameters<typeof startSlackBot>[0] = {}): Promise<Incoming> {
  under = await startSlackBot(options);
  under.slack.people.post({ user: "U1ANN", channel: "C1", text: "<@U0DOCENT> what is the rent?" });
  return only(await under.accepted(1));
}

const answers = (channel = "C1"): readonly SlackMessage[] => under.slack.botMessages(channel);
const posts = (): number => under.slack.callsOf("chat.postMessage").length;

describe("an answer", () => {
  it("stands in the question's thread, with feedback below it", async () => {
    const question = await ask();
    await under.bot.send(under.answerTo(question, { text: "**1,200 euros** [1]" }));
    expect(under.slack.transcript("C1")).toBe(
      ["Ann: <@U0DOCENT> what is the rent?", "    Docent: **1,200 euros** [1]", "      [Helpful] [Not helpful]"].join(
        "\n",
      ),
    );
    const message = only(answers());
    expect(message.metadata).toEqual({ event_type: "docent_part", event_payload: { id: `part:${question.key}:1` } });
    expect(message.text).toBe("**1,200 euros** [1]");
    expect(only(under.slack.callsOf("chat.postMessage")).args).toMatchObject({
      unfurl_links: false,
      unfurl_media: false,
    });
  });

  it("in parts has its buttons under the last one", async () => {
    const question = await ask();
    const long = "x".repeat(12_000);
    await under.bot.send(under.answerTo(question, { part: 1, parts: 2, text: long }));
    await under.bot.send(under.answerTo(question, { part: 2, parts: 2, text: long }));
    expect(answers().map(readMessage)).toEqual([long, `${long}\n[Helpful] [Not helpful]`]);
    expect(answers()[0]?.blocks).toEqual([]);
  });

  it("to a direct message stands where the question does", async () => {
    under = await startSlackBot();
    const direct = under.slack.people.directOf("U1ANN");
    under.slack.people.post({ user: "U1ANN", channel: direct.id, text: "what is the rent?" });
    await under.bot.send(under.answerTo(only(await under.accepted(1))));
    expect(only(answers(direct.id)).threadTs).toBeNull();
  });

  it("is posted without buttons when Slack does not take the blocks", async () => {
    const question = await ask();
    under.slack.world.faults.next("chat.postMessage", { kind: "error", error: "invalid_blocks" });
    await under.bot.send(under.answerTo(question, { text: "1,200 euros" }));
    expect(readMessage(only(answers()))).toBe("1,200 euros");
  });

  it.for([
    ["an error", "error", "[Try again]"],
    ["a notice", "notice", ""],
  ] as const)("that is %s has the button for it", async ([, kind, buttons]) => {
    const question = await ask();
    await under.bot.send(under.answerTo(question, { kind, text: "Something." }));
    expect(readMessage(only(answers()))).toBe(["Something.", buttons].filter(Boolean).join("\n"));
  });
});

describe("a post whose outcome is open", () => {
  it.for([
    ["an error behind the post", { kind: "status", status: 502, when: "after" }],
    ["a line cut behind the post", { kind: "reset", when: "after" }],
  ] as const)("is found by its id after %s, and not repeated", async ([, fault]) => {
    const question = await ask();
    under.slack.world.faults.next("chat.postMessage", fault);
    const id = await under.bot.send(under.answerTo(question));
    expect(id).toBe(`C1:${only(answers()).ts}`);
    expect(posts()).toBe(1);
  });

  it.for([
    ["an error before the post", { kind: "status", status: 502, when: "before" }],
    ["a line cut before the post", { kind: "reset", when: "before" }],
  ] as const)("is left to core after %s, and posted once by its repeat", async ([, fault]) => {
    const question = await ask();
    under.slack.world.faults.next("chat.postMessage", fault);
    await expect(under.bot.send(under.answerTo(question))).rejects.toMatchObject({ code: "platform_unreachable" });
    await under.bot.send(under.answerTo(question));
    expect(answers()).toHaveLength(1);
  });

  it("is looked for after a crash behind the post, in long threads too", async () => {
    const question = await ask();
    const answer = under.answerTo(question);
    await under.bot.send(answer);
    // As if the process had died before it could note what Slack answered.
    const { ts } = only(under.slack.world.messages.filter(({ text }) => text.includes("rent")));
    for (let index = 0; index < 450; index += 1) {
      under.slack.world.messages.splice(1, 0, {
        ...only(answers().slice(0, 1)),
        metadata: null,
        ts: `${Number(ts.split(".")[0])}.${String(900_000 + index)}`,
      });
    }
    await under.restart();
    await under.bot.send({ ...answer, isRepeat: true });
    expect(posts()).toBe(1);
    expect(under.slack.callsOf("conversations.replies").length).toBeGreaterThan(1);
  });

  it("is not repeated while Slack does not let it look", async () => {
    const question = await ask();
    const { faults } = under.slack.world;
    faults.next("chat.postMessage", { kind: "reset", when: "after" });
    faults.next("conversations.replies", { kind: "status", status: 500, when: "before" }, 6);
    await expect(under.bot.send(under.answerTo(question))).rejects.toMatchObject({ code: "platform_unreachable" });
    await expect(under.bot.send(under.answerTo(question))).rejects.toMatchObject({ code: "platform_unreachable" });
    expect(posts()).toBe(1);
    await under.bot.send(under.answerTo(question));
    expect(answers()).toHaveLength(1);
    expect(posts()).toBe(1);
  });
});

describe("Slack's limits", () => {
  it("are kept: one post a second in a channel, others do not wait", async () => {
    const question = await ask({ server: { postIntervalMs: 1_000 } });
    // Pauses that pass at once move the time on, also while a post is on its way.
    await under.slack.until(() => under.slack.callsOf("agents.sessions.setStatus").length === 1);
    await expect.poll(() => under.seen.has("seen:C1")).toBe(true);
    for (let part = 1; part <= 4; part += 1) await under.bot.send(under.answerTo(question, { part, parts: 4 }));
    expect(answers()).toHaveLength(4);
    expect(under.slack.callsOf("chat.postMessage").every(({ error }) => error === null)).toBe(true);
  });

  it("that were met all the same are waited for", async () => {
    const question = await ask();
    under.slack.world.faults.next("chat.postMessage", { kind: "rate-limit", retryAfterSeconds: 1 }, 2);
    await under.bot.send(under.answerTo(question));
    expect(posts()).toBe(3);
    expect(answers()).toHaveLength(1);
    expect(under.clock.sleeps.filter((ms) => ms === 1_000).length).toBeGreaterThanOrEqual(2);
  });

  it("on every tenth call lose nothing", async () => {
    const question = await ask();
    under.slack.world.faults.every("*", 10, { kind: "rate-limit", retryAfterSeconds: 1 });
    for (let part = 1; part <= 25; part += 1) await under.bot.send(under.answerTo(question, { part, parts: 25 }));
    expect(answers()).toHaveLength(25);
  });
});

describe("a channel that does not take the answer", () => {
  it.for(["not_in_channel", "is_archived", "restricted_action"] as const)(
    "(%s) leaves it to a direct message",
    async (error) => {
      const question = await ask();
      under.slack.world.faults.next("chat.postMessage", { kind: "error", error });
      const answer = under.answerTo(question);
      expect(await under.bot.send(answer)).toMatch(/^D1ANN:/);
      expect(await under.bot.send(answer)).toMatch(/^D1ANN:/);
      expect(answers("D1ANN")).toHaveLength(1);
      expect(under.log.some(({ level, message }) => level === "warn" && message.includes("directly"))).toBe(true);
    },
  );

  it("fails for good when there is no way to the person either", async () => {
    const question = await ask();
    under.slack.world.faults.next("chat.postMessage", { kind: "error", error: "not_in_channel" });
    under.slack.world.faults.next("conversations.open", { kind: "error", error: "missing_scope" });
    await expect(under.bot.send(under.answerTo(question))).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("im:write"),
    });
  });
});
