import { afterEach, describe, expect, it } from "vitest";
import type { Bulletin } from "../../../src/core/ports/system.ts";
import { plainResult } from "../../fakes/scripted-engine.ts";
import type { Message } from "../../servers/discord/state.ts";
import type { SeenMessage } from "../../servers/discord/transcript.ts";
import { openReplicas, type Replicas } from "./replicas-under-test.ts";

let replicas: Replicas;
afterEach(() => replicas.close());

async function startTwo(options: Parameters<typeof openReplicas>[0] = {}): Promise<void> {
  replicas = await openReplicas(options);
  await replicas.start();
  await replicas.start();
  await replicas.server.until(() => replicas.server.gateway.connected === 2);
}

/** The answers to a command, of all replicas that were told of it, are all in. */
async function answeredBy(count: number): Promise<readonly string[]> {
  const callbacks = (): readonly string[] =>
    replicas.server.requests.filter((line) => line.includes("/callback →")).map((line) => line.split("→ ")[1] ?? "");
  return await replicas.server.until(() => callbacks().length === count && callbacks());
}

/** The newest message of Docent's that is not thinking any more. */
async function reply(matching: (message: SeenMessage) => boolean): Promise<SeenMessage> {
  const { server, channel } = replicas;
  return await server.until(() =>
    server.transcript(channel).findLast((each) => each.author === "Docent" && !each.isThinking && matching(each)),
  );
}

function stored({ id }: SeenMessage): Message {
  const message = replicas.server.state.messages.get(id);
  if (message === undefined) throw new Error("No such message.");
  return message;
}

describe("two replicas that are told of the same events", () => {
  it("answer a message once, with one set of signs", async () => {
    await startTwo();
    const { server, post, me, said, handed, channel } = replicas;
    const note = post("", { files: [{ name: "lease.pdf", bytes: "%PDF" }] });
    post(`${me} one?`);
    post(`${me} two?`);
    await server.until(() => handed() === 6 && said().length === 2);
    expect(said()).toEqual(["Answer to: one?", "Answer to: two?"]);
    expect(replicas.cores.engine.asked.map(({ text }) => text)).toEqual(["one?", "two?"]);
    expect(Object.keys(server.transcript(channel)[0]?.reactions ?? {})).toEqual(["📄"]);
    const puts = server.requests.filter((line) => line.startsWith("PUT") && line.includes(note.id));
    expect(puts).toHaveLength(1);
    expect(server.gateway.hasty).toBe(0);
  });

  it("refuse a message once", async () => {
    await startTwo();
    const { server, post, me, said } = replicas;
    const posts = (): number => server.requests.filter((line) => /^POST .*\/messages → 200/.test(line)).length;
    post(me);
    await server.until(() => posts() === 2);
    expect(said()).toHaveLength(1);
  });

  it("show a question of a command once, and answer it once, as a reply", async () => {
    await startTwo();
    const { server, kim, channel, said, cores } = replicas;
    const { id } = server.controls.slash(kim, channel, ["ask"], { question: "how long?" });
    expect((await answeredBy(2)).toSorted()).toEqual(["200", "400"]);
    // The replica that answers may not be the one that showed the question: it looks for that.
    await server.until(() => cores.kept.has(`asked:${id}`));
    // Meanwhile a message may say that it is being written.
    await replicas.lookUntil(() => said().length === 2 && said().includes("Answer to: how long?"));
    expect(said()).toEqual(["**Kim** asks: how long?", "Answer to: how long?"]);
    const [question, answer] = server.transcript(channel);
    expect(answer?.replyTo).toBe(question?.id);
  });

  it("do a command that changes something once, and say so once", async () => {
    await startTwo();
    const { server, kim, channel, said } = replicas;
    const { id } = server.controls.slash(kim, channel, ["new"]);
    await server.until(() => replicas.cores.kept.has(`command:${id}`));
    await replicas.lookUntil(() => said().length === 1);
    server.controls.slash(kim, channel, ["forget"]);
    const sure = await reply(({ buttons }) => buttons.length === 1);
    expect(sure.onlyFor).toBe("Kim");
    server.controls.press(kim, stored(sure), sure.buttons[0] ?? "");
    await server.until(() => said().length === 2);
    expect(said()).toEqual([expect.stringContaining("fresh conversation"), expect.stringMatching(/^Forgotten/)]);
    // The other replica found it done: it has not even tried to acknowledge.
    expect(await answeredBy(4)).toEqual(["200", "200", "400", "200"]);
  });

  it("show a command's answer once, when it changes nothing", async () => {
    await startTwo();
    const { server, kim, channel } = replicas;
    server.controls.slash(kim, channel, ["help"]);
    expect((await answeredBy(2)).toSorted()).toEqual(["200", "400"]);
    await reply(({ text }) => text.includes("/docent"));
    expect(server.transcript(channel)).toHaveLength(1);
  });

  it("take a question whose form the one that has left had opened", async () => {
    replicas = await openReplicas();
    const first = await replicas.start();
    await replicas.start();
    const { server, kim, post, said } = replicas;
    await server.until(() => server.gateway.connected === 2);
    const message = post("The deposit is two months' rent.");
    const opened = server.controls.messageCommand(kim, message, "Ask Docent about this");
    await answeredBy(2);
    await first.stop();
    server.controls.submit(kim, opened, { question: "is that usual?" });
    await server.until(() => said().some((text) => text === "Answer to: is that usual?"));
    expect(replicas.cores.engine.asked[0]?.context).toContain("two months");
    expect(said()).toHaveLength(2);
  });

  const silent: Bulletin = { publish: () => undefined, subscribe: () => () => undefined };
  it.for([
    { label: "they hear of each other", bulletin: undefined },
    { label: "nothing is heard of the other", bulletin: silent },
  ])("show one message of progress and take it away with the answer, though $label", async ({ bulletin }) => {
    await startTwo(bulletin === undefined ? {} : { bulletin });
    const { server, post, me, channel, clock, pass, handed, said, cores } = replicas;
    const answer = Promise.withResolvers<void>();
    cores.engine.answer = async ({ text }) => {
      await answer.promise;
      return plainResult(`Answer to: ${text}`);
    };
    post(`${me} how long?`);
    await server.until(() => handed() === 2 && cores.engine.asked.length === 1);
    await clock.whenSleeping(5000);
    pass(5000);
    const progress = await server.until(() => server.botMessages(channel)[0]);
    expect(progress.content).toContain("⏳");
    // Whoever else might have shown something would have by now.
    for (let count = 0; count < 3; count++) {
      await clock.whenSleeping(5000);
      pass(8000);
    }
    expect(said()).toHaveLength(1);
    answer.resolve();
    await server.until(() => said().length === 1 && said()[0] === "Answer to: how long?");
    // A replica that heard nothing looks before it types again.
    const typings = channel.typings;
    pass(8000);
    await new Promise(setImmediate);
    pass(8000);
    await new Promise(setImmediate);
    expect(channel.typings).toBe(typings);
    expect(said()).toEqual(["Answer to: how long?"]);
  });

  it("stop a turn by a button that both are told of", async () => {
    await startTwo();
    const { server, post, me, channel, kim, clock, pass, cores, said } = replicas;
    cores.engine.answer = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("stopped")));
      });
    post(`${me} how long?`);
    await server.until(() => cores.engine.asked.length === 1);
    await clock.whenSleeping(5000);
    pass(5000);
    const progress = await server.until(() => server.botMessages(channel)[0]);
    server.controls.press(kim, progress, "Stop");
    expect((await answeredBy(2)).toSorted()).toEqual(["200", "400"]);
    await server.until(() => !said().some((text) => text.includes("⏳")));
  });
});

describe("a rolling update on Discord", () => {
  it("answers everything once, in order, whoever is there", async () => {
    replicas = await openReplicas();
    const { server, post, me, said } = replicas;
    const first = await replicas.start();
    post(`${me} only the first is there?`);
    await server.until(() => said().length === 1);
    await replicas.start();
    post(`${me} both are there?`);
    post(`${me} and still?`);
    await server.until(() => said().length === 3);
    const leaving = first.stop();
    post(`${me} while the first leaves?`);
    await leaving;
    post(`${me} only the second is there?`);
    await server.until(() => said().length === 5);
    expect(said()).toEqual([
      "Answer to: only the first is there?",
      "Answer to: both are there?",
      "Answer to: and still?",
      "Answer to: while the first leaves?",
      "Answer to: only the second is there?",
    ]);
    expect(replicas.cores.engine.asked).toHaveLength(5);
  });

  it("fetches what came while none was there, though others start at the same time", async () => {
    replicas = await openReplicas();
    const { server, post, me, said } = replicas;
    const first = await replicas.start();
    post(`${me} one?`);
    await server.until(() => said().length === 1);
    await first.stop();
    post(`${me} two?`);
    post(`${me} three?`);
    await replicas.start();
    await replicas.start();
    post(`${me} four?`);
    await server.until(() => said().length === 4);
    expect(said().map((text) => text.replace("Answer to: ", ""))).toEqual(["one?", "two?", "three?", "four?"]);
    expect(replicas.cores.engine.asked).toHaveLength(4);
  });
});
