import { startSlackServer } from "../test/servers/slack-server.ts";
import { answeredIn } from "./model.ts";
import { MESSAGES_KEPT, type Platform } from "./platform.ts";

/** Slack by Socket Mode, with its limit (one post a second in a channel) or without it. */
export async function startSlackPlatform(options: { readonly isLimited: boolean }): Promise<Platform> {
  const server = await startSlackServer({ postIntervalMs: options.isLimited ? 1_000 : null });
  const { world } = server;
  let listener: (question: number) => void = () => undefined;
  let seen = 0;
  server.addUser({ id: "U1", displayName: "Ann", isAdmin: true });

  // A call is in the list before it is carried out; it stands in the channel when the change after it is told.
  world.onChange(() => {
    for (; seen < world.calls.length; seen++) {
      const call = world.calls[seen];
      if (call === undefined || call.error !== null || !call.method.startsWith("chat.")) continue;
      const question = answeredIn(JSON.stringify(call.args));
      if (question !== null) listener(question);
    }
  });

  return {
    name: "Slack",
    env: { SLACK_BOT_TOKEN: "xoxb-test", SLACK_APP_TOKEN: "xapp-test", SLACK_API_URL: server.apiUrl },
    ask(conversation, text, files = []) {
      const channel = `C${conversation}`;
      if (!world.channels.has(channel)) server.addChannel({ id: channel, members: ["U1"] });
      server.people.post({ user: "U1", channel, text: `<@${world.botUserId}> ${text}`, files });
    },
    onAnswer(next) {
      listener = next;
    },
    isConnected: () => server.sockets.connections.length > 0,
    trim() {
      if (world.messages.length > MESSAGES_KEPT) world.messages.splice(0, world.messages.length - MESSAGES_KEPT);
      const deliveries = server.deliveries as (typeof server.deliveries)[number][];
      if (deliveries.length > MESSAGES_KEPT) deliveries.splice(0, deliveries.length - MESSAGES_KEPT);
      world.calls.length = 0;
      seen = 0;
    },
    close: () => server.close(),
  };
}
