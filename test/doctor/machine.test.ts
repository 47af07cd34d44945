import { chmodSync, mkdirSync, writeFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSystemClock } from "../../src/core/system-clock.ts";
import type { DiagnoseOptions } from "../../src/diagnose.ts";
import { MIGRATIONS, openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";
import { startVendors } from "../set-up/vendors.ts";
import { complaintsOf, examine, expectOnly, type Expected } from "./examine.ts";

interface Mistake {
  readonly label: string;
  /** Makes it in an empty folder; returns the settings and what else differs. */
  readonly plant: (folder: string) => {
    readonly env?: Readonly<Record<string, string>>;
    readonly change?: Partial<DiagnoseOptions>;
  };
  readonly expected: readonly Expected[];
}

function dotenv(folder: string, text: string, mode = 0o600): { change: Partial<DiagnoseOptions> } {
  const dotenvFile = path.join(folder, ".env");
  writeFileSync(dotenvFile, text);
  chmodSync(dotenvFile, mode);
  return { change: { dotenvFile } };
}

/** A folder whose disk refuses every file. */
function refusing(
  folder: string,
  code: string,
  free = 20_000_000_000,
): { env: Record<string, string>; change: Partial<DiagnoseOptions> } {
  const writeFile = (file: string): void => {
    writeFileSync(file, "");
    throw Object.assign(new Error(`${code}: write`), { code });
  };
  return { env: { DATA_DIR: folder }, change: { disk: { freeBytes: () => free, writeFile } } };
}

const MISTAKES: readonly Mistake[] = [
  {
    label: "a Node that is too old",
    plant: () => ({ change: { node: { version: "22.11.0", wanted: ">=24.12" } } }),
    expected: [
      { subject: "node", seen: /Node 22\.11\.0 is too old/, remedy: /Install Node 24\.12 or later from nodejs/ },
    ],
  },
  {
    label: "a malformed setting in the environment",
    plant: () => ({ env: { MAX_FILE_MB: "10MB" } }),
    expected: [
      {
        subject: "config.MAX_FILE_MB",
        seen: /Docent would not start: MAX_FILE_MB must be a number/,
        remedy: /Change MAX_FILE_MB in the environment/,
      },
    ],
  },
  {
    label: "an address that nothing is sent to",
    plant: () => ({ env: { OPENAI_BASE_URL: "http://127.0.0.1:1" } }),
    expected: [
      {
        subject: "config.OPENAI_BASE_URL",
        status: "warning",
        seen: /OPENAI_BASE_URL is set, but nothing uses it as long as OPENAI_API_KEY is not/,
        remedy: /npm run setup -- openai/,
      },
    ],
  },
  {
    label: "several settings of .env at once",
    plant: (folder) => dotenv(folder, "TIME_ZONE=Seoul\nSLACK_APP_TOKEN=xapp-planted-0123456789\n"),
    expected: [
      {
        subject: "config.SLACK_APP_TOKEN",
        seen: /SLACK_APP_TOKEN is set but SLACK_BOT_TOKEN is not/,
        remedy: /add SLACK_BOT_TOKEN to \.env, or take SLACK_APP_TOKEN out/,
      },
      { subject: "config.TIME_ZONE", seen: /it is “Seoul”/, remedy: /Change TIME_ZONE in \.env/ },
    ],
  },
  {
    label: "a page that is open to others without a token",
    plant: () => ({ env: { HOST: "0.0.0.0" } }),
    expected: [
      { subject: "config.HOST", seen: /WEB_TOKEN must be set/, remedy: /add WEB_TOKEN to .env, or take HOST out/ },
    ],
  },
  {
    label: "a budget that cannot be held",
    plant: () => ({ env: { OPENAI_API_KEY: "sk-x", OPENAI_MODEL: "gpt-unpriced", BUDGET_USD_PER_DAY: "5" } }),
    expected: [
      { subject: "config.OPENAI_MODEL", seen: /no budget can be held/, remedy: /OPENAI_MODEL, BUDGET_USD_PER_DAY/ },
    ],
  },
  {
    label: "a mistyped name in .env",
    plant: (folder) => dotenv(folder, "DISCORD_TOKN=planted-0123456789\n"),
    expected: [
      {
        subject: "config.DISCORD_TOKN",
        status: "warning",
        seen: /DISCORD_TOKN, which Docent does not read/,
        remedy: /Rename DISCORD_TOKN to DISCORD_TOKEN in \.env/,
      },
    ],
  },
  {
    label: "a name with an underscore too many in .env",
    plant: (folder) => dotenv(folder, "OPEN_AI_KEY=sk-planted-0123456789\n"),
    expected: [
      {
        subject: "config.OPEN_AI_KEY",
        status: "warning",
        seen: /OPEN_AI_KEY, which Docent/,
        remedy: /Rename OPEN_AI_KEY to OPENAI_API_KEY/,
      },
    ],
  },
  {
    label: "a setting that never was one of ours",
    plant: (folder) => dotenv(folder, "SLACK_CLIENT_SECRET=planted-0123456789\n"),
    expected: [
      {
        subject: "config.SLACK_CLIENT_SECRET",
        status: "warning",
        seen: /SLACK_CLIENT_SECRET/,
        remedy: /Remove SLACK_CLIENT_SECRET, or look up its right name in \.env\.example/,
      },
    ],
  },
  {
    label: "keys that every user of the machine can read",
    plant: (folder) => dotenv(folder, "", 0o644),
    expected: [
      { subject: "config.file", status: "warning", seen: /Other users .* can read \.env/, remedy: /chmod 600 \.env/ },
    ],
  },
  {
    label: "a .env that cannot be read",
    plant: (folder) => {
      const dotenvFile = path.join(folder, ".env");
      mkdirSync(dotenvFile, { mode: 0o700 });
      return { change: { dotenvFile } };
    },
    expected: [{ subject: "config.file", seen: /cannot be read/, remedy: /chmod 600 \.env/ }],
  },
  {
    label: "a data folder that is a file",
    plant(folder) {
      const DATA_DIR = path.join(folder, "data");
      writeFileSync(DATA_DIR, "");
      return { env: { DATA_DIR } };
    },
    expected: [
      {
        subject: "store.writable",
        seen: /cannot be written to \(ENOTDIR\)/,
        remedy: /chown.*name another in DATA_DIR/,
      },
    ],
  },
  {
    label: "a data folder that cannot be made",
    plant(folder) {
      writeFileSync(path.join(folder, "file"), "");
      return { env: { DATA_DIR: path.join(folder, "file", "data") } };
    },
    expected: [{ subject: "store.writable", seen: /cannot be written to/, remedy: /DATA_DIR/ }],
  },
  {
    label: "a disk that is nearly full",
    plant: () => ({ change: { disk: { freeBytes: () => 10_000_000 } } }),
    expected: [{ subject: "store.space", seen: /0 GB are free/, remedy: /Free some space .*DATA_DIR/ }],
  },
  {
    label: "a disk that will be full soon",
    plant: () => ({ change: { disk: { freeBytes: () => 500_000_000 } } }),
    expected: [{ subject: "store.space", status: "warning", seen: /0\.5 GB are free/, remedy: /DATA_DIR/ }],
  },
  {
    label: "a disk without any space",
    plant: (folder) => refusing(folder, "ENOSPC", 0),
    expected: [
      {
        subject: "store.writable",
        seen: /cannot be written to: its disk is full/,
        remedy: /Free some space .*DATA_DIR/,
      },
    ],
  },
  {
    label: "a disk without any inode",
    plant: (folder) => refusing(folder, "ENOSPC", 20_000_000_000),
    expected: [
      {
        subject: "store.writable",
        seen: /its disk takes no more files, though 20 GB are free/,
        remedy: /df -i .*DATA_DIR/,
      },
    ],
  },
  {
    label: "a quota that is used up",
    plant: (folder) => refusing(folder, "EDQUOT"),
    expected: [{ subject: "store.writable", seen: /quota .* is used up/, remedy: /Raise the quota .*DATA_DIR/ }],
  },
  {
    label: "a disk that is mounted read-only",
    plant: (folder) => refusing(folder, "EROFS"),
    expected: [
      { subject: "store.writable", seen: /is on a disk that is mounted read-only/, remedy: /remount,rw.*DATA_DIR/ },
    ],
  },
  {
    label: "data of a newer version",
    plant(folder) {
      const database = openDatabase(folder);
      database.db.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}; PRAGMA wal_checkpoint(TRUNCATE)`);
      database.close();
      return { env: { DATA_DIR: folder } };
    },
    expected: [{ subject: "store.database", seen: /newer version of Docent/, remedy: /Update Docent .*DATA_DIR/ }],
  },
  {
    label: "a database that is none",
    plant(folder) {
      writeFileSync(path.join(folder, "docent.db"), "<html>Not found</html>".padEnd(500));
      return { env: { DATA_DIR: folder } };
    },
    expected: [{ subject: "store.database", seen: /is no database of SQLite, or damaged/, remedy: /put a backup of/ }],
  },
  {
    label: "a shared folder that is not mounted",
    plant: (folder) => ({ env: { BLOB_URL: `file://${folder}/mnt/shared` } }),
    expected: [
      { subject: "files.writable", status: "warning", seen: /is not there/, remedy: /Mount the disk at .*mkdir -p/ },
    ],
  },
];

/** Some of the ports that the Fetch standard blocks. */
const REFUSED_BY_FETCH = [6000, 6566, 6665, 6697, 10_080];

/** The port when nobody listens there, else undefined; any that is free where none is wanted. */
async function freePort(wanted?: number): Promise<string | undefined> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  server.once("error", () => resolve(undefined));
  server.listen(wanted ?? 0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => resolve(String(port)));
  });
  return await promise;
}

describe("the doctor on this machine", () => {
  it.for(MISTAKES.map((mistake) => [mistake.label, mistake] as const))("names %s", async ([label, mistake]) => {
    const { env = {}, change = {} } = mistake.plant(temporaryFolder());
    const findings = await examine(env, change);
    const own = findings.filter(({ subject }) => !subject.startsWith("openai."));
    expectOnly(own, ...mistake.expected);
    expect(JSON.stringify(findings), label).not.toContain("planted-0123456789");
  });

  it.for([
    ["names a clock that is ten minutes ahead", 600_000, "problem", /is (?:599|60[0-2]) seconds ahead of/],
    ["names a clock that is two minutes behind", -120_000, "warning", /is 1(?:1[89]|2[01]) seconds behind/],
  ] as const)("%s", async ([, byMs, status, seen]) => {
    const { addresses, good } = await startVendors();
    const clock = createSystemClock();
    const change = { clock: { ...clock, now: () => clock.now() + byMs } };
    const env = { OPENAI_API_KEY: good.OPENAI_API_KEY, OPENAI_BASE_URL: addresses.OPENAI_BASE_URL };
    expectOnly(await examine(env, change), { subject: "clock", status, seen, remedy: /timedatectl set-ntp true/ });
  });

  it("names a port that another program uses", async () => {
    const other = createServer((_, out) => out.end("<html>Somebody else</html>"));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    expectOnly(await examine({ PORT: String(port) }), {
      subject: "web.port",
      seen: new RegExp(`Port ${port} is used by another program`),
      remedy: /Set PORT to another number/,
    });
  });

  it.for(["203.0.113.9", "docent.invalid"])("names a HOST at which this machine cannot listen: %s", async (HOST) => {
    expectOnly(await examine({ HOST, PORT: "38411", WEB_TOKEN: "planted-0123456789-planted" }), {
      subject: "web.host",
      seen: new RegExp(`HOST=${HOST} is no address of this machine`),
      remedy: /HOST=127\.0\.0\.1.*HOST=0\.0\.0\.0/,
    });
  });

  it("names a port that this user may not use", async () => {
    const tryToListen = (): Promise<string> => Promise.resolve("EACCES");
    expectOnly(await examine({ PORT: (await freePort()) ?? "" }, { tryToListen }), {
      subject: "web.port",
      seen: /This user may not listen at port \d+/,
      remedy: /Set PORT to 1024 or more.*CAP_NET_BIND_SERVICE/,
    });
  });

  it("takes a port for free that browsers refuse to ask", async () => {
    const port = (await Promise.all(REFUSED_BY_FETCH.map((each) => freePort(each)))).find((each) => each !== undefined);
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow(/fetch failed/);
    const findings = await examine({ PORT: String(port) });
    expect(complaintsOf(findings)).toEqual([]);
    expect(findings.find(({ subject }) => subject === "web.port")?.seen).toBe(
      `Port ${port} is free: Docent does not run there.`,
    );
  });

  it("looks at the rest when a setting is malformed", async () => {
    const { addresses, good } = await startVendors();
    const env = { ...good, ...addresses, RETENTION_DAYS: "soon", SLACK_SIGNING_SECRET: "also-by-http" };
    const findings = await examine(env);
    expect(findings.find(({ subject }) => subject === "openai.key")?.status).toBe("ok");
    expect(findings.find(({ subject }) => subject === "discord.token")?.status).toBe("ok");
    expect(findings.find(({ subject }) => subject === "slack")?.seen).toBe(
      "Not looked at before its settings are mended.",
    );
  });

  it("makes nothing that stays", async () => {
    const folder = temporaryFolder();
    const data = path.join(folder, "data");
    mkdirSync(data);
    const files = path.join(folder, "files");
    mkdirSync(files);
    const findings = await examine({ DATA_DIR: data, BLOB_URL: `file://${files}` });
    expect(complaintsOf(findings)).toEqual([]);
    expect([readdirSync(data), readdirSync(files)]).toEqual([[], []]);
  });
});
