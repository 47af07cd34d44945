import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { parse } from "dotenv";
import { describe, expect, it } from "vitest";
import { createDotenvFile, setValues } from "../src/dotenv-file.ts";
import { temporaryFolder } from "./fakes/temporary-folder.ts";

describe("a value put into .env", () => {
  it.for([
    ["a new line at the end", "A=1\n", "A=1\nKEY=new\n"],
    ["a last line without an end", "A=1", "A=1\nKEY=new\n"],
    ["an empty place of .env.example", "# Comment.\nKEY=\n# Another.\nB=2\n", "# Comment.\nKEY=new\n# Another.\nB=2\n"],
    ["an old value", "KEY=old\nB=2\n", "KEY=new\nB=2\n"],
    ["an old value with a comment", "KEY=old # mine\n", "KEY=new # mine\n"],
    ["a quoted old value with a comment", "KEY='old # one' # mine\n", "KEY=new # mine\n"],
    ["an exported one", "export KEY = old\n", "export KEY = new\n"],
    ["the last of two, which counts", "KEY=1\nA=2\nKEY=3\n", "KEY=1\nA=2\nKEY=new\n"],
    ["lines of Windows", "A=1\r\nKEY=old\r\nB=2\r\n", "A=1\r\nKEY=new\r\nB=2\r\n"],
    ["a commented-out one left alone", "#KEY=old\n", "#KEY=old\nKEY=new\n"],
    ["a longer name left alone", "MY_KEY=1\nKEY_2=2\n", "MY_KEY=1\nKEY_2=2\nKEY=new\n"],
    [
      "a line within the value of another left alone",
      'A="first\nKEY=no\nlast"\nB=1\n',
      'A="first\nKEY=no\nlast"\nB=1\nKEY=new\n',
    ],
  ] as const)("changes nothing else: %s", ([, before, after]) => {
    expect(setValues(before, { KEY: "new" })).toBe(after);
  });

  it.for([
    "plain-value",
    "with#hash",
    "with space",
    "it's",
    'say "it"',
    `it's "both"`,
    "back\\slash\\n",
    "ends with \\",
    "$HOME and ${PATH}",
    "`tick`",
    "a=b",
    " spaces around ",
    "'quoted'",
  ])("is read back by dotenv as it was given: %s", (value) => {
    const text = setValues("A='1'\nB=\"it's\" # and `that`\n", { KEY: value });
    expect(parse(text)).toEqual({ A: "1", B: "it's", KEY: value });
    expect(parse(setValues(text, { KEY: "next" }))).toEqual({ A: "1", B: "it's", KEY: "next" });
  });

  it("is refused when .env cannot hold it", () => {
    expect(() => setValues("A=1\n", { KEY: "#'\"`" })).toThrow("KEY has a value that .env cannot hold");
  });
});

describe("the .env file", () => {
  it("is made for its owner alone, and stays so", () => {
    const file = path.join(temporaryFolder(), ".env");
    createDotenvFile(file).write({ KEY: "1" });
    expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
    chmodSync(file, 0o644);
    createDotenvFile(file).write({ KEY: "2" });
    expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
    expect(createDotenvFile(file).read()).toEqual({ KEY: "2" });
  });

  it("leaves no draft behind, and touches nothing that it cannot read", () => {
    const folder = temporaryFolder();
    const file = path.join(folder, ".env");
    createDotenvFile(file).write({ KEY: "1" });
    expect(readdirSync(folder)).toEqual([".env"]);
    const other = temporaryFolder();
    mkdirSync(path.join(other, ".env"));
    expect(() => createDotenvFile(path.join(other, ".env")).write({ KEY: "1" })).toThrow("EISDIR");
    expect(readdirSync(other)).toEqual([".env"]);
  });

  it("stays a link where it is one", () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "settings"), "A=1\n");
    symlinkSync("settings", path.join(folder, ".env"));
    createDotenvFile(path.join(folder, ".env")).write({ KEY: "1" });
    expect(lstatSync(path.join(folder, ".env")).isSymbolicLink()).toBe(true);
    expect(readFileSync(path.join(folder, "settings"), "utf8")).toBe("A=1\nKEY=1\n");
  });

  it("is empty while it is not there", () => {
    expect(createDotenvFile(path.join(temporaryFolder(), ".env")).read()).toEqual({});
  });
});

describe("a .env of another encoding", () => {
  it.for([
    ["with its mark", Buffer.from("\uFEFFKEY=old\r\n", "utf16le")],
    ["with the mark of the other order", Buffer.from("\uFEFFKEY=old\r\n", "utf16le").swap16()],
    ["without a mark", Buffer.from("KEY=old\r\n", "utf16le")],
  ] as const)("is not read and stays as it is: UTF-16 %s", ([, bytes]) => {
    const file = path.join(temporaryFolder(), ".env");
    writeFileSync(file, bytes);
    expect(() => createDotenvFile(file).read()).toThrow(/\.env is encoded as UTF-16/);
    expect(() => createDotenvFile(file).write({ KEY: "new" })).toThrow(/\.env is encoded as UTF-16/);
    expect(readFileSync(file)).toEqual(bytes);
  });

  it("is read where it is UTF-8 with a mark, as PowerShell 5 writes it", () => {
    const file = path.join(temporaryFolder(), ".env");
    writeFileSync(file, "\uFEFFKEY=old\r\n");
    expect(createDotenvFile(file).read()).toEqual({ KEY: "old" });
    createDotenvFile(file).write({ KEY: "new" });
    expect(parse(readFileSync(file))).toEqual({ KEY: "new" });
  });
});
