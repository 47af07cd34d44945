/**
 * Starts the program once with nothing configured, loads what only a configured one loads, and stops it: what Node
 * compiled is there for the next start, of the same user. For images whose root is read-only. Give it the flags of
 * `npm start`, an empty folder as DATA_DIR and PORT=0.
 */
await Promise.all([
  import("../src/bots/discord/discord-bot.ts"),
  import("../src/bots/slack/slack-bot.ts"),
  import("../src/create-shared-stores.ts"),
  import("../src/engines/openai/openai-engine.ts"),
  import("../src/engines/openai/records.ts"),
  import("../src/stores/s3/s3-blobs.ts"),
]);
// It has started when its module is there; one that cannot start ends the process with 1.
await import("../src/main.ts");
process.kill(process.pid, "SIGTERM");
