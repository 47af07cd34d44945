import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startForwardProxy } from "../servers/forward-proxy.ts";
import { startVendors } from "../set-up/vendors.ts";
import { startProgram } from "./program.ts";

/** A name that only the proxy knows: whoever goes past it gets nowhere. */
const HOST = "vendor.internal";

it("answers in Slack by Socket Mode where nothing gets out but through a proxy", async () => {
  const { slack, good, addresses } = await startVendors();
  const proxy = await startForwardProxy();
  onTestFinished(() => proxy.close());
  const named = (url: string): string => url.replace("127.0.0.1", HOST);
  const { port } = new URL(slack.world.url);
  slack.world.url = named(slack.world.url);
  const { DISCORD_TOKEN: _, ...tokens } = good;
  const program = await startProgram({
    ...tokens,
    OPENAI_BASE_URL: named(addresses.OPENAI_BASE_URL),
    SLACK_API_URL: named(addresses.SLACK_API_URL),
    DATA_DIR: temporaryFolder(),
    NODE_USE_ENV_PROXY: "1",
    HTTP_PROXY: proxy.url,
  });
  slack.addUser({ id: "U1" });
  slack.addChannel({ id: "C1", members: ["U1"] });
  await slack.until(() => slack.sockets.connections.length > 0);
  slack.people.post({ user: "U1", channel: "C1", text: `<@${slack.world.botUserId}> Are you there?` });
  await slack.until(() => slack.botMessages("C1").length > 0);
  expect(proxy.seen).toContain(`CONNECT ${HOST}:${port}`);
  expect(await program.stop()).toBe(0);
});
