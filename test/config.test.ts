import { readFileSync } from "node:fs";
import { parse } from "dotenv";
import { describe, expect, it } from "vitest";
import { ConfigError, parseConfig, VARIABLES } from "../src/config.ts";
import { secretsOf } from "../src/secrets-of.ts";

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const BUCKET = { S3_ACCESS_KEY_ID: "AKIAEXAMPLE", S3_SECRET_ACCESS_KEY: "secret-4711" };

describe("the configuration", () => {
  it("needs nothing", () => {
    expect(parseConfig({})).toMatchObject({
      openai: null,
      slack: null,
      discord: null,
      host: "127.0.0.1",
      port: 3000,
      dataDir: "./data",
    });
  });

  it("treats an empty value as unset", () => {
    expect(parseConfig({ OPENAI_API_KEY: "", PORT: " ", SLACK_BOT_TOKEN: "" })).toEqual(parseConfig({}));
  });

  it.for([
    ["a Slack bot without its other half", { SLACK_BOT_TOKEN: "xoxb-1" }, /SLACK_APP_TOKEN .* or SLACK_SIGNING_SECRET/],
    ["a Slack app token alone", { SLACK_APP_TOKEN: "xapp-1" }, /SLACK_APP_TOKEN is set but SLACK_BOT_TOKEN is not/],
    [
      "both ways to Slack",
      { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1", SLACK_SIGNING_SECRET: "12345678" },
      /both set/,
    ],
    [
      "a Slack token of the wrong kind",
      { SLACK_BOT_TOKEN: "xapp-1", SLACK_APP_TOKEN: "xapp-1" },
      /SLACK_BOT_TOKEN must begin with xoxb-/,
    ],
    [
      "two Slack tokens in each other’s place, once",
      { SLACK_BOT_TOKEN: "xapp-1", SLACK_APP_TOKEN: "xoxb-1" },
      /^SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped/,
    ],
    [
      "a Slack token that rotates",
      { SLACK_BOT_TOKEN: "xoxe.xoxb-1-a", SLACK_APP_TOKEN: "xapp-1" },
      /^SLACK_BOT_TOKEN is of an app with token rotation: it lasts twelve hours/,
    ],
    ["a token in an editor’s quotes", { DISCORD_TOKEN: "“a.b.c”" }, /DISCORD_TOKEN stands in quotes that count/],
    [
      "a Slack address without its slash",
      { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1", SLACK_API_URL: "http://x/api" },
      /must end in/,
    ],
    ["an unknown effort", { REASONING_EFFORT: "much" }, /REASONING_EFFORT must be one of auto, none, minimal, low/],
    [
      "an effort that the model does not take",
      { OPENAI_MODEL: "gpt-6.1-sol", REASONING_EFFORT: "none" },
      /none is not what gpt-6.1-sol takes. Choose one of auto, minimal, low/,
    ],
    ["a token of Slack as OpenAI’s key", { OPENAI_API_KEY: "xoxb-1-2" }, /OPENAI_API_KEY holds a token of Slack/],
    [
      "a token of Discord as OpenAI’s key",
      { OPENAI_API_KEY: `${"A".repeat(24)}.Gabcde.${"x".repeat(38)}` },
      /OPENAI_API_KEY holds a token of Discord/,
    ],
    ["Discord shards without a token", { DISCORD_SHARDS: "0/2" }, /DISCORD_SHARDS is set but DISCORD_TOKEN is not/],
    ["shards without their total", { DISCORD_TOKEN: "t", DISCORD_SHARDS: "0-3" }, /such as 0-3\/16 or 0,1\/4/],
    ["shards with a space", { DISCORD_TOKEN: "t", DISCORD_SHARDS: "0, 1/4" }, /such as 0-3\/16 or 0,1\/4/],
    ["a range that is not closed", { DISCORD_TOKEN: "t", DISCORD_SHARDS: "0-/4" }, /such as 0-3\/16 or 0,1\/4/],
    ["no shard at all", { DISCORD_TOKEN: "t", DISCORD_SHARDS: "/4" }, /such as 0-3\/16 or 0,1\/4/],
    ["a total of nothing", { DISCORD_TOKEN: "t", DISCORD_SHARDS: "0/0" }, /total from 1 to 16000/],
    ["a shard beyond the total", { DISCORD_TOKEN: "t", DISCORD_SHARDS: "0-4/4" }, /names shard 4.* the last is 3/],
    ["a range that goes backwards", { DISCORD_TOKEN: "t", DISCORD_SHARDS: "3-1/4" }, /3-1, which goes backwards/],
    ["a shard named twice", { DISCORD_TOKEN: "t", DISCORD_SHARDS: "0-2,1/4" }, /names shard 1 twice/],
    ["a key with a line break", { OPENAI_API_KEY: "sk-a b" }, /space or line break/],
    ["a token that was never filled in", { DISCORD_TOKEN: "…" }, /DISCORD_TOKEN holds a character that no token has/],
    ["a port that is no number", { PORT: "http" }, /PORT must be a whole number from 0 to 65535/],
    ["a port out of range", { PORT: "70000" }, /PORT/],
    ["a number with a unit", { MAX_FILE_MB: "100MB" }, /MAX_FILE_MB must be a number from 1 to 512, without units/],
    ["a fraction where none fits", { CONCURRENT_RUNS: "1.5" }, /CONCURRENT_RUNS must be a whole number/],
    ["an unknown choice", { READ_UPLOADS: "always" }, /READ_UPLOADS must be one of asked, at-once, off/],
    ["a language that we do not have", { LANGUAGE: "fr" }, /LANGUAGE must be one of auto, en, ja, ko/],
    ["an open page without a token", { HOST: "0.0.0.0" }, /WEB_TOKEN must be set/],
    ["a short web token", { HOST: "0.0.0.0", WEB_TOKEN: "short" }, /WEB_TOKEN must have at least 12/],
    [
      "a database that is no Postgres",
      { DATABASE_URL: "mysql://x" },
      /DATABASE_URL must be an address that begins with postgres:/,
    ],
    ...[
      "abc@s3cret-4711/xyz@127.0.0.1/docent",
      "p@4711#s@127.0.0.1/d",
      "a/4711@h/d",
      "47/11@h/d",
      "4?711@h/d",
      "4@7?11@h/d",
    ].map(
      (rest) =>
        [
          `a password that is not percent-encoded: ${rest}`,
          { DATABASE_URL: `postgres://docent:${rest}` },
          /^DATABASE_URL holds a user or password that is not percent-encoded\. Write @ as %40, \/ as %2F, # as %23/,
        ] as const,
    ),
    ["a password in the address of OpenAI", { OPENAI_BASE_URL: "http://me:pw@h/v1" }, /must hold no user or password/],
    ["a home that only a shell knows", { DATA_DIR: "~/docent" }, /DATA_DIR begins with “~”.* Write the whole path/],
    ["a bucket without its key", { BLOB_URL: "s3://files" }, /S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY is not set/],
    ["half a key", { BLOB_URL: "s3://files", S3_ACCESS_KEY_ID: "id" }, /but S3_SECRET_ACCESS_KEY is not set/],
    ["a key without its bucket", { S3_ACCESS_KEY_ID: "id" }, /S3_ACCESS_KEY_ID is set but BLOB_URL names no bucket/],
    ["a region beside a folder", { BLOB_URL: "file:///x", S3_REGION: "eu-west-1" }, /S3_REGION is set but BLOB_URL/],
    ["a place for files that is no address", { BLOB_URL: "/mnt/files" }, /BLOB_URL must be file:\/\/\/folder, s3:/],
    ["a place for files of another kind", { BLOB_URL: "gs://files" }, /BLOB_URL must be file:/],
    ["a folder of another machine", { BLOB_URL: "file://nas/files" }, /three slashes/],
    ["a bucket with a password in it", { ...BUCKET, BLOB_URL: "s3://id:pw@files" }, /must hold no user or password/],
    ["a bucket with options in it", { ...BUCKET, BLOB_URL: "s3://files?region=x" }, /without “\?” and “#”/],
    [
      "a server without a bucket",
      { ...BUCKET, BLOB_URL: "s3+https://minio:9000" },
      /s3\+https:\/\/host\/bucket\/prefix/,
    ],
    ["a bucket that S3 does not allow", { ...BUCKET, BLOB_URL: "s3://My_Files" }, /must name a bucket/],
    ["a negative budget", { BUDGET_USD_PER_DAY: "-1" }, /BUDGET_USD_PER_DAY/],
    ["a budget with a unit", { BUDGET_USD_PER_CHANNEL_PER_DAY: "$5" }, /BUDGET_USD_PER_CHANNEL_PER_DAY/],
    ["a budget beyond what is counted", { BUDGET_USD_PER_USER_PER_DAY: "1000001" }, /from 0 to 1000000/],
    ["a time zone that there is not", { TIME_ZONE: "Seoul" }, /TIME_ZONE must be the name of a time zone, such as/],
  ] as const)("refuses %s and names the remedy", ([, env, expected]) => {
    const problems = problemsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  it("takes addresses alone, so that set-up can ask there", () => {
    const addresses = { OPENAI_BASE_URL: "http://x", SLACK_API_URL: "http://x/", DISCORD_API_URL: "http://x" };
    expect(parseConfig(addresses)).toEqual(parseConfig({}));
  });

  it("takes keys of servers that speak OpenAI’s API, whatever they look like", () => {
    const jwt = `${"e".repeat(36)}.${"p".repeat(120)}.${"s".repeat(43)}`;
    for (const apiKey of ["none", "sk-1", jwt]) expect(parseConfig({ OPENAI_API_KEY: apiKey }).openai).not.toBe(null);
  });

  it("takes budgets in dollars and cents, and none", () => {
    const { budgets, timeZone } = parseConfig({ BUDGET_USD_PER_DAY: "2.5", BUDGET_USD_PER_USER_PER_DAY: "0" });
    expect(budgets).toEqual({ all: 2.5, channel: null, user: 0 });
    expect(timeZone).toBe("UTC");
  });

  it.for([
    ["auto", "auto"],
    ["0/1", { ids: [0], total: 1 }],
    ["0,1/4", { ids: [0, 1], total: 4 }],
    ["8,0-3/16", { ids: [0, 1, 2, 3, 8], total: 16 }],
  ] as const)("takes %s as Discord shards", ([given, shards]) => {
    expect(parseConfig({ DISCORD_TOKEN: "t", DISCORD_SHARDS: given }).discord).toMatchObject({ shards });
  });

  it("lists every problem at once, without the values of secrets", () => {
    const env = { PORT: "x", LANGUAGE: "fr", SLACK_BOT_TOKEN: "not-a-token-4711", DISCORD_TOKEN: "dis cord-4711" };
    const problems = problemsOf(env);
    expect(problems.length).toBeGreaterThanOrEqual(4);
    expect(problems.join("\n")).not.toContain("4711");
  });

  it.for([
    ["the data folder", {}, { kind: "data-folder" }],
    ["Postgres, when there is one", { DATABASE_URL: "postgres://h/d" }, { kind: "database" }],
    [
      "a folder, when one is named",
      { DATABASE_URL: "postgres://h/d", BLOB_URL: "file:///mnt/our%20files" },
      { kind: "folder", path: "/mnt/our files" },
    ],
    [
      "a bucket of S3",
      { ...BUCKET, BLOB_URL: "s3://our-files/docent/eu/", S3_REGION: "eu-west-1" },
      { kind: "bucket", endpoint: null, bucket: "our-files", prefix: "docent/eu", region: "eu-west-1" },
    ],
    [
      "a bucket of another server",
      { ...BUCKET, BLOB_URL: "s3+http://minio:9000/our-files", S3_SESSION_TOKEN: "token" },
      {
        kind: "bucket",
        endpoint: "http://minio:9000",
        bucket: "our-files",
        prefix: "",
        region: "us-east-1",
        accessKeyId: "AKIAEXAMPLE",
        secretAccessKey: "secret-4711",
        sessionToken: "token",
      },
    ],
  ] as const)("keeps the bytes of documents in %s", ([, env, expected]) => {
    expect(parseConfig(env).blobs).toMatchObject(expected);
  });

  it("does not tell a password that was written into the address of a bucket", () => {
    const problems = problemsOf({ ...BUCKET, BLOB_URL: "s3://id:pw-4711@files" });
    expect(problems.join("\n")).not.toContain("4711");
  });

  it.for([
    "postgres://docent:p%40ss%2Fw%23@127.0.0.1:5432/docent",
    "postgres://docent:p@ss@127.0.0.1/docent",
    "postgres://docent:100%@127.0.0.1/docent",
    "postgresql:///docent?host=/run/postgresql&user=docent@server",
    "postgres://127.0.0.1/docent?user=docent@server&password=x&sslmode=require",
  ])("takes %s as an address of Postgres", (DATABASE_URL) => {
    expect(parseConfig({ DATABASE_URL }).databaseUrl).toBe(DATABASE_URL);
  });

  it("takes a folder with a “~” that is part of its name", () => {
    for (const DATA_DIR of ["./~/x", "~x", "/mnt/~"]) expect(parseConfig({ DATA_DIR }).dataDir).toBe(DATA_DIR);
  });

  it("knows what must never be printed", () => {
    const config = parseConfig({
      OPENAI_API_KEY: "sk-1",
      DATABASE_URL: "postgres://u:pass@h/d",
      DISCORD_TOKEN: "dtoken",
      ...BUCKET,
      BLOB_URL: "s3://files",
      S3_SESSION_TOKEN: "stoken",
    });
    expect(secretsOf(config)).toEqual([
      "sk-1",
      "dtoken",
      "postgres://u:pass@h/d",
      "pass",
      BUCKET.S3_SECRET_ACCESS_KEY,
      "stoken",
    ]);
  });

  it("is the one that .env.example shows, with its defaults", () => {
    const example = parse(readFileSync(".env.example"));
    expect(Object.keys(example).toSorted()).toEqual([...VARIABLES].toSorted());
    expect(parseConfig(example)).toEqual(parseConfig({}));
  });
});
