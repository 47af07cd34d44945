import { afterEach, describe, expect, it } from "vitest";
import { startSlackBot, type SlackUnderTest } from "./slack-under-test.ts";

const LEASE = { name: "lease.pdf", bytes: "%PDF-1.7" };
let under: SlackUnderTest;

afterEach(() => under.close());

describe("what is deleted on Slack", () => {
  it("as a message takes its documents with it", async () => {
    under = await startSlackBot();
    const { ts } = under.slack.people.post({ user: "U1ANN", channel: "C1", files: [LEASE] });
    await under.accepted(1);
    await under.slack.people.remove("C1", ts)?.done;
    expect(under.docent.stored.size).toBe(0);
    expect(under.docent.deletedMessages).toContain(`slack:T0TEAM:C1:${ts}`);
    expect(under.docent.deletedMessages).toContain(`slack:T0TEAM:C1:${ts}:knowledge`);
  });

  it("as a message with replies, which leaves a tombstone, does so too", async () => {
    under = await startSlackBot();
    const { ts } = under.slack.people.post({ user: "U1ANN", channel: "C1", files: [LEASE] });
    under.slack.people.post({ user: "U2BEN", channel: "C1", threadTs: ts, text: "thanks" });
    await under.accepted(1);
    await under.slack.people.remove("C1", ts)?.done;
    expect(under.docent.stored.size).toBe(0);
  });

  it("takes documents that a question brought along from the top of its thread", async () => {
    under = await startSlackBot({ bot: { readUploads: "off" } });
    const { ts } = under.slack.people.post({ user: "U1ANN", channel: "C1", files: [LEASE] });
    under.slack.people.post({ user: "U2BEN", channel: "C1", threadTs: ts, text: "<@U0DOCENT> what is it?" });
    await under.accepted(1);
    expect(under.docent.stored.size).toBe(1);
    await under.slack.people.remove("C1", ts)?.done;
    expect(under.docent.stored.size).toBe(0);
  });

  it("as a copy of another workspace is the message that came first", async () => {
    under = await startSlackBot();
    const posted = under.slack.people.post({ user: "U1ANN", channel: "C1", files: [LEASE] });
    await under.accepted(1);
    under.slack.world.messages.push({ ...posted.message, ts: "1.000009" });
    await under.slack.people.remove("C1", "1.000009")?.done;
    expect(under.docent.deletedMessages).toContain(`slack:T0TEAM:C1:${posted.ts}`);
  });

  it("as a file is gone wherever it was shared, also after a restart", async () => {
    under = await startSlackBot();
    const { slack } = under;
    slack.addChannel({ id: "C2", members: ["U1ANN"] });
    const { message } = slack.people.post({ user: "U1ANN", channel: "C1", files: [LEASE] });
    const [note] = await under.accepted(1);
    const stored = [...under.docent.stored.values()];
    await under.restart();
    for (const document of stored) {
      under.docent.stored.set(document.id, document);
      under.docent.stored.set("other", { ...document, id: "other", attachmentKey: "slack:T0TEAM:F9" });
    }
    expect(note?.attachments).toHaveLength(1);
    await slack.people.deleteFile(message.files[0] ?? "")?.done;
    expect([...under.docent.stored.keys()]).toEqual(["other"]);
  });

  it.for([
    ["a channel", "C2", "channel"],
    ["a private channel", "G2", "group"],
  ] as const)("as %s is forgotten", async ([, id, kind]) => {
    under = await startSlackBot();
    under.slack.addChannel({ id, kind, members: ["U1ANN"] });
    await under.slack.people.deleteChannel(id)?.done;
    expect(under.docent.forgotten).toMatchObject([{ key: `slack:T0TEAM:${id}` }]);
  });
});

describe("the app", () => {
  it.for([
    ["removed", "uninstall"],
    ["without its token", "revokeToken"],
  ] as const)("%s is not ready, and says what to do", async ([, act]) => {
    under = await startSlackBot();
    await under.slack.people[act]()?.done;
    expect(under.docent.workspacesForgotten).toEqual(act === "uninstall" ? ["slack:T0TEAM"] : []);
    expect(await under.bot.check()).toMatchObject({ ready: false, reason: expect.stringContaining("Install the app") });
  });
});
