import { describe, expect, it } from "vitest";

import { decodeText } from "../../src/readers/decode-text.ts";

const LEGACY: readonly (readonly [label: string, text: string, hex: string])[] = [
  [
    "Korean in EUC-KR",
    "연차 휴가는 15일입니다. 회의실 217호",
    "bfacc2f720c8deb0a1b4c2203135c0cfc0d4b4cfb4d92e20c8b8c0c7bdc720323137c8a3",
  ],
  ["Korean names without a sentence", "이름,부서\n김철수,인사", "c0ccb8a72cbacebcad0ab1e8c3b6bcf62cc0cebbe7"],
  [
    "Korean with Chinese characters",
    "大韓民國 憲法 제1조 대한민국은 민주공화국이다.",
    "d3def9dbdac5cfd020facadbf620c1a631c1b620b4ebc7d1b9ceb1b9c0ba20b9cec1d6b0f8c8adb1b9c0ccb4d92e",
  ],
  [
    "Japanese in Shift_JIS",
    "有給休暇は十五日です。カタカナ",
    "974c8b8b8b7889c982cd8f5c8cdc93fa82c582b78142834a835e834a8369",
  ],
  ["Japanese names without kana", "氏名,部署\n山田太郎,人事", "8e8196bc2c95948f900a8e52936391be98592c906c8e96"],
  [
    "Japanese in EUC-JP",
    "有給休暇は十五日です。カタカナ",
    "cdadb5ebb5d9b2cba4cfbdbdb8dec6fca4c7a4b9a1a3a5aba5bfa5aba5ca",
  ],
  ["Chinese in GB18030", "员工每年有十五天的年假。", "d4b1b9a4c3bfc4ead3d0caaecee5ccecb5c4c4eabcd9a1a3"],
  ["Chinese names without a sentence", "姓名,部门\n王伟,人事", "d0d5c3fb2cb2bfc3c50acdf5ceb02cc8cbcac2"],
  ["Chinese in Big5", "員工每年有十五天的年假。", "adfba475a843a67ea6b3a451a4ada4d1aabaa67eb0b2a143"],
  [
    "French in windows-1252",
    "Les congés payés : 15 jours – dès l’été.",
    "4c657320636f6e67e97320706179e973203a203135206a6f75727320962064e873206c92e974e92e",
  ],
  ["German in windows-1252", "Größe, Übermut, Straße", "4772f6df652c20dc6265726d75742c2053747261df65"],
  [
    "Russian in windows-1251",
    "Отпуск составляет пятнадцать дней.",
    "cef2eff3f1ea20f1eef1f2e0e2ebffe5f220effff2ede0e4f6e0f2fc20e4ede5e92e",
  ],
];

describe("decodeText", () => {
  it.each(LEGACY)("reads %s", (_label, text, hex) => {
    expect(decodeText(Buffer.from(hex, "hex"))).toBe(text);
  });

  it.each([
    ["UTF-8", Buffer.from("회의실 217호, café")],
    ["UTF-16 little endian without a mark", Buffer.from("회의실 217호, café ".slice(4) + "plain words", "utf16le")],
    ["UTF-16 big endian with a mark", Buffer.from("\uFEFFcafé 회의실", "utf16le").swap16()],
    ["UTF-16 little endian with a mark", Buffer.from("\uFEFFcafé 회의실", "utf16le")],
  ])("reads %s", (_label, bytes) => {
    expect(decodeText(bytes)).toContain("café");
  });

  it("keeps a long UTF-8 text with one damaged byte", () => {
    const bytes = Buffer.concat([Buffer.from("로그 한 줄\n".repeat(500)), Buffer.from([0xff])]);
    expect(decodeText(bytes)).toContain("로그 한 줄");
  });

  it("takes a coloured log for text", () => {
    expect(decodeText(Buffer.from("\u001B[32mok\u001B[0m line\n".repeat(20)))).toContain("ok");
  });

  it("accepts a part that ends within a character", () => {
    const bytes = Buffer.from("회의실");
    expect(decodeText(bytes.subarray(0, -1), true)).toBe("회의");
  });

  it.each([
    ["zeros", Buffer.alloc(100)],
    ["control characters", Buffer.from([1, 2, 3, 4, 5, 6, 7, 65])],
    [
      "bytes of every value",
      Buffer.from(Array.from({ length: 4096 }, (_, index) => 1 + ((index * 97 + (index >> 4)) % 255))),
    ],
  ])("does not take %s for text", (_label, bytes) => {
    expect(decodeText(bytes)).toBeNull();
  });
});
