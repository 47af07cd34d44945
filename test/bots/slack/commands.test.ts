import { toTurnId } from "../../../src/core/ids.ts";
import { afterEach, describe, expect, it } from "vitest";
import { DocentError } from "../../../src/core/errors.ts";
import type { Command } from "../../../src/core/ports/command.ts";
import { readMessage } from "../../servers/slack/transcript.ts";
import type { SlackMessage } from "../../servers/slack/world.ts";
import { only, startSlackBot, type SlackUnderTest } from "./slack-under-test.ts";

let under: SlackUnderTest;

afterEach(() => under.close());

const run = (text: string, user = "U1ANN", channel = "C1") => under.slack.interactions.command({ user, channel, text });
const whispers = (): readonly SlackMessage[] =>
  under.slack.botMessages("C1").filter(({ ephemeralTo }) => ephemeralTo !== null);
const nextWhisper = (count = 1): Promise<SlackMessage> => under.slack.until(() => whispers()[count - 1]);

describe("a command", () => {
  it("reaches core with who, where and what, and its reply the person alone", async () => {
    under = await startSlackBot();
    under.docent.reply = { text: "**Documents**\n- lease.pdf", isPrivate: true, actions: [] };
    await run("docs remove  lease &amp; co.pdf", "U2BEN").done;
    expect(readMessage(await nextWhisper())).toBe("**Documents**\n- lease.pdf");
    expect(only(under.docent.commands)).toEqual({
      key: expect.stringMatching(/^slack:T0TEAM:C1:command:./),
      bot: "slack",
      replyTo: { channel: "C1", responseUrl: expect.stringContaining("/response/") },
      name: "docs",
      argument: "remove  lease & co.pdf",
      confirmed: false,
      channel: { key: "slack:T0TEAM:C1", workspace: "slack:T0TEAM", isDirect: false, isShared: false },
      conversation: "slack:T0TEAM:C1",
      author: { id: "U2BEN", name: "Ben", isGuest: false },
      isAdmin: false,
      locale: "ko-KR",
    });
  });

  it.for([
    ["nothing", "", "help"],
    ["an unknown word", "dance", "help"],
    ["another case", "USAGE", "usage"],
  ] as const)("that says %s is understood", async ([, text, name]) => {
    under = await startSlackBot();
    await run(text).done;
    await nextWhisper();
    expect(only(under.docent.commands).name).toBe(name);
  });

  it.for([
    ["an admin", {}, true],
    ["a guest, whatever else they are", { isRestricted: true }, false],
    ["somebody of another organisation", { isStranger: true }, false],
  ] as const)("tells core of %s", async ([, rights, isAdmin]) => {
    under = await startSlackBot();
    under.slack.addUser({ id: "U3CLO", isAdmin: true, ...rights });
    await run("usage", "U3CLO").done;
    await nextWhisper();
    expect(only(under.docent.commands).isAdmin).toBe(isAdmin);
  });

  it("shows channels by their links, and nobody else’s mention", async () => {
    under = await startSlackBot();
    const lines = ["slack:T0TEAM:C1: 1 question", "slack:T0TEAM:D1: 2 questions", "<#C1> <@U1ANN>: 3 questions"];
    under.docent.reply = { text: lines.join("\n"), isPrivate: true, actions: [] };
    await run("usage").done;
    const shown = JSON.stringify(await nextWhisper());
    expect(shown).toContain("<#C1>: 1 question");
    expect(shown).toContain("slack:T0TEAM:D1: 2 questions");
    expect(shown).toContain("&lt;#C1> &lt;@U1ANN>: 3 questions");
  });

  it("asks whether somebody is sure by a button, and runs as whoever presses it", async () => {
    under = await startSlackBot();
    under.docent.reply = {
      text: "Forget everything here?",
      isPrivate: true,
      actions: [
        { label: "Forget", style: "danger", command: { name: "forget", argument: "", confirmed: true } },
        { label: "Keep", style: "plain", command: { name: "help", argument: "", confirmed: false } },
      ],
    };
    await run("forget").done;
    const message = await nextWhisper();
    expect(readMessage(message)).toBe("Forget everything here?\n[Forget] [Keep]");
    under.docent.reply = { text: "Forgotten.", isPrivate: true, actions: [] };
    await under.slack.interactions.press({ user: "U1ANN", message, label: "Forget" }).done;
    await under.slack.until(() => readMessage(message) === "Forgotten.");
    expect(whispers()).toHaveLength(1);
    expect(under.docent.commands[1]).toMatchObject({ name: "forget", confirmed: true, author: { id: "U1ANN" } });
  });

  it("whose result is for all takes the private question away", async () => {
    under = await startSlackBot();
    const command = { name: "forget", argument: "", confirmed: true } as const;
    under.docent.reply = { text: "Sure?", isPrivate: true, actions: [{ label: "Yes", style: "danger", command }] };
    await run("forget").done;
    const message = await nextWhisper();
    under.docent.reply = { text: "Everything here is forgotten.", isPrivate: false, actions: [] };
    await under.slack.interactions.press({ user: "U1ANN", message, label: "Yes" }).done;
    await under.slack.until(() => under.slack.transcript("C1") !== "");
    expect(under.slack.transcript("C1", "U1ANN")).toBe("Docent: Everything here is forgotten.");
  });

  it("that changes something is acknowledged once core has stored it, and answered when it is done", async () => {
    under = await startSlackBot();
    const { promise: stored, resolve } = Promise.withResolvers<null>();
    under.docent.command = (command) => {
      given.push(command);
      return stored;
    };
    const given: Command[] = [];
    const delivery = run("new");
    await expect.poll(() => given.length).toBe(1);
    expect(delivery.state).toBe("under-way");
    resolve(null);
    expect(await delivery.done).toMatchObject({ state: "acked" });
    const reply = { text: "A fresh start.", isPrivate: false, actions: [] };
    await under.bot.reply(given[0]?.replyTo, reply);
    expect(under.slack.transcript("C1")).toBe("Docent: A fresh start.");
    // The next process, when Slack takes no answer to the command any more: what concerns everybody is posted.
    await under.restart();
    under.clock.advance(31 * 60_000);
    await under.bot.reply(given[0]?.replyTo, { ...reply, text: "Not for you alone." });
    await under.bot.reply(given[0]?.replyTo, { ...reply, text: "For you alone.", isPrivate: true });
    expect(under.slack.transcript("C1")).toBe("Docent: A fresh start.\nDocent: Not for you alone.");
  });

  it("may answer for all to see, longer than one message, and calls nobody", async () => {
    under = await startSlackBot();
    const lines = Array.from({ length: 800 }, (_, index) => `- document ${index} <!channel>`).join("\n");
    under.docent.reply = { text: lines, isPrivate: false, actions: [] };
    await run("docs").done;
    const messages = await under.slack.until(() => {
      const all = under.slack.botMessages("C1");
      return all.length === 2 && all;
    });
    expect(messages.map(readMessage).join("\n")).toBe(lines.replaceAll("<!", "&lt;!"));
    expect(messages.every(({ ephemeralTo }) => ephemeralTo === null)).toBe(true);
  });
});

describe("/docent ask", () => {
  it("posts the question for all to see, and the answer in its thread", async () => {
    under = await startSlackBot();
    await run("ask what is the <https://a.example|rent>?").done;
    const question = only(await under.accepted(1));
    await under.bot.send(under.answerTo(question, { text: "1,200 euros" }));
    expect(under.slack.transcript("C1")).toBe(
      [
        "Docent: **Ann** asks:",
        "  > what is the [rent](https://a.example)?",
        "    Docent: 1,200 euros",
        "      [Helpful] [Not helpful]",
      ].join("\n"),
    );
  });

  it("has a thread that goes on without a mention, in the same conversation", async () => {
    under = await startSlackBot({ bot: { conversationPer: "thread" } });
    await run("ask what is the rent?").done;
    const [asked] = await under.accepted(1);
    const posted = await under.slack.until(() => under.slack.botMessages("C1")[0]);
    await under.slack.until(() => under.slack.world.sessions.size === 1);
    under.slack.people.post({ user: "U2BEN", channel: "C1", threadTs: posted.ts, text: "and the deposit?" });
    const [, followUp] = await under.accepted(2);
    expect(followUp).toMatchObject({ text: "and the deposit?", conversation: asked?.conversation });
  });

  it("survives a crash before the question was posted", async () => {
    under = await startSlackBot();
    under.slack.world.faults.next("chat.postMessage", { kind: "reset", when: "after" });
    under.slack.world.faults.next("conversations.history", { kind: "error", error: "fatal_error" }, 1);
    await run("ask what is the rent?").done;
    const question = only(await under.accepted(1));
    await under.restart();
    await under.bot.send(under.answerTo(question));
    expect(under.slack.botMessages("C1").map(({ threadTs }) => threadTs === null)).toEqual([true, false]);
  });

  it.for([
    ["no question", "ask", "C1", "no question"],
    ["a channel that Docent is not in", "ask why?", "C8", "Invite me"],
    ["a private channel that it cannot even see", "ask why?", "G8", "Invite me"],
  ] as const)("with %s says what to do", async ([, text, channel, said]) => {
    under = await startSlackBot();
    under.slack.addChannel({ id: "C8", members: ["U1ANN"] }).members.delete("U0DOCENT");
    under.slack.addChannel({ id: "G8", kind: "group", members: ["U1ANN"] }).members.delete("U0DOCENT");
    await run(text, "U1ANN", channel).done;
    const reply = await under.slack.until(() => under.slack.botMessages(channel)[0]);
    expect(reply.ephemeralTo).toBe("U1ANN");
    expect(readMessage(reply)).toContain(said);
    expect(under.docent.offers).toBe(0);
  });

  it("that cannot be stored says so: Slack does not tell it again", async () => {
    under = await startSlackBot();
    under.docent.refuse(new DocentError("storage_full", "full"));
    expect(await run("ask why?").done).toMatchObject({ state: "acked" });
    expect(readMessage(await nextWhisper())).toContain("disk is full");
  });
});

describe("a button of an answer", () => {
  it.for([
    ["Helpful", "helpful"],
    ["Not helpful", "not-helpful"],
  ] as const)("(%s) is stored as what the person thinks", async ([label, verdict]) => {
    under = await startSlackBot();
    await run("ask why?").done;
    const question = only(await under.accepted(1));
    await under.bot.send(under.answerTo(question));
    const message = only(under.slack.botMessages("C1").slice(1));
    await under.slack.interactions.press({ user: "U2BEN", message, label }).done;
    expect(under.docent.feedbacks).toEqual([{ turnId: toTurnId(question.key), userId: "U2BEN", verdict }]);
    expect((await nextWhisper()).ephemeralTo).toBe("U2BEN");
  });

  it("asks a question again that failed", async () => {
    under = await startSlackBot();
    await run("ask why?").done;
    const question = only(await under.accepted(1));
    await under.bot.send(under.answerTo(question, { kind: "error", text: "The model failed." }));
    const message = only(under.slack.botMessages("C1").slice(1));
    await under.slack.interactions.press({ user: "U2BEN", message, label: "Try again" }).done;
    expect(under.docent.retried).toEqual([toTurnId(question.key)]);
    under.docent.retry = () => Promise.resolve(false);
    await under.slack.interactions.press({ user: "U2BEN", message, label: "Try again" }).done;
    expect(readMessage(await nextWhisper())).toContain("이미 끝나서");
  });
});
