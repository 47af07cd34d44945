import { describe, expect, it } from "vitest";
import { focusPassage } from "../../../src/engines/local/focus-passage.ts";

const FILLER = "Corridor lights and pumps are checked by staff before every season opens again.\n".repeat(12);

describe("focusing a passage", () => {
  it("quotes the sentence that says what was asked, and nothing of what stands around it", () => {
    const passage = `${FILLER}The deposit amounts to three months of rent.\n${FILLER}`;
    expect(focusPassage(passage, "How much is the deposit?", "page", 280)).toEqual({
      quote: "The deposit amounts to three months of rent.",
      lines: ["The deposit amounts to three months of rent."],
      heading: null,
    });
  });

  it("keeps a heading apart from the text under it, and joins the printed lines of a sentence", () => {
    const passage =
      "Descaling\nDescale the machine every three months, or after 200 cups,\nwhichever comes first. Use our powder.\n\n" +
      "Water filter\nChange the water filter every two months.";
    const sentence = "Descale the machine every three months, or after 200 cups,\nwhichever comes first.";
    expect(focusPassage(passage, "How often must I descale the machine?", "page", 280)).toEqual({
      quote: sentence,
      lines: [sentence.replace("\n", " ")],
      heading: "Descaling",
    });
    expect(focusPassage(passage, "When is the water filter changed?", "page", 280)).toMatchObject({
      heading: "Water filter",
      quote: "Change the water filter every two months.",
    });
  });

  it("quotes up to three sentences that say as much", () => {
    const passage =
      "Pay the deposit by card. The deposit comes back in May. A deposit earns nothing. No deposit is shared. Good luck.";
    const { quote } = focusPassage(passage, "deposit?", "page", 280);
    expect(quote).toBe("Pay the deposit by card. The deposit comes back in May. A deposit earns nothing.");
  });

  it("adds what a short answer needs to be understood", () => {
    const passage = "Deposit:\nThree months of rent, by bank transfer.\nPets need a permit.";
    expect(focusPassage(passage, "How much is the deposit?", "page", 280).lines).toEqual([
      "Deposit:",
      "Three months of rent, by bank transfer.",
    ]);
  });

  const TOOLS = "Product,Price,Stock\nHammer,19.90,40\nSaw,24.50,12\nDrill,89.00,5\n";
  const BIKES =
    "Every bike is serviced at our workshop.\n\nModel Interval Cost per service Weight\nHeron E 12 months 89 euros 24 kg\n" +
    "Cargo Ox 6 months 140 euros 38 kg\nSwift 24 months 60 euros 12 kg";

  it.for([
    ["line", TOOLS, "What is the price of a saw?", "Saw,24.50,12", "Product,Price,Stock"],
    ["sheet", TOOLS, "drill price and stock", "Drill,89.00,5", "Product,Price,Stock"],
    [
      "page",
      BIKES,
      "What does a service of the Heron E cost?",
      "Heron E 12 months 89 euros 24 kg",
      "Model Interval Cost",
    ],
    ["page", BIKES, "How heavy is the Cargo Ox?", "Cargo Ox 6 months 140 euros 38 kg", "Model Interval Cost"],
  ] as const)(
    "quotes of a table (%s) the row, under the names of its columns",
    ([unit, passage, question, row, head]) => {
      const { quote, heading } = focusPassage(passage, question, unit, 280);
      expect(quote).toBe(row);
      expect(heading).toContain(head);
    },
  );

  it.for([
    [
      "a list of facts, a line each",
      "The wifi is Larch\nThe parking code is 4411\nThe alarm is on",
      "The parking code is 4411",
    ],
    [
      "a text with short lines that go on",
      "Some words about rents that stand on a line that is rather long, and the\nparking code, which is 4411. The end.",
      "Some words about rents that stand on a line that is rather long, and the\nparking code, which is 4411.",
    ],
    ["rows of a table", "Room,Rent\n12,900\nparking code,4411\n13,950", "parking code,4411"],
  ] as const)("quotes one line of %s", ([, passage, quote]) => {
    expect(focusPassage(passage, "What is the parking code?", "line", 280).quote).toBe(quote);
  });

  it("does not end a sentence at an abbreviation or at the number of an item", () => {
    const passage = "1. Deposit of Mr. Kim under Art. 5 is U.S. dollars 900. Pets need a permit from the owner.";
    expect(focusPassage(passage, "deposit?", "page", 280).quote).toBe(
      "1. Deposit of Mr. Kim under Art. 5 is U.S. dollars 900.",
    );
  });

  it("joins a printed line that breaks before a figure or a name, and leaves the number of the page out", () => {
    const passage =
      "- 2 -\nWe expect that revenues from services will remain strong in\n2023 and after. The lease of the garage ends in\n" +
      "May, as was agreed with the owner of the building in the north, and is not renewed.";
    expect(focusPassage(passage, "Will revenues remain strong?", "page", 280).quote).toBe(
      "We expect that revenues from services will remain strong in\n2023 and after.",
    );
    expect(focusPassage(passage, "What is on page 2?", "page", 280).quote).toMatch(/^We expect/);
  });

  it("shows the beginning of a page that was asked for by its number", () => {
    const passage = "Rooms are cleaned on Mondays. Keys are at the desk. Lamps are off at ten. Bikes stay outside.";
    expect(focusPassage(passage, "What is on page 3?", "page", 280).lines).toEqual([
      "Rooms are cleaned on Mondays. Keys are at the desk. Lamps are off at ten.",
    ]);
  });

  it("joins printed lines of Japanese without a space", () => {
    const passage =
      "保証金は入居の前に支払います。退去の際は三か月前までに書面で通知しなければなら\nず、違反すると一か月分を支払います。";
    expect(focusPassage(passage, "退去の通知はいつまでですか?", "page", 280).lines).toEqual([
      "退去の際は三か月前までに書面で通知しなければならず、違反すると一か月分を支払います。",
    ]);
  });

  it("takes a Japanese line with a figure for a sentence, not for the number of a page", () => {
    const passage = "年次有給休暇は毎年15日とする。\n翌年に繰り越すことはできない。";
    expect(focusPassage(passage, "年次有給休暇は何日ですか?", "page", 280).quote).toBe(
      "年次有給休暇は毎年15日とする。",
    );
  });

  it("finds Korean", () => {
    const passage = `${"회의실 예약은 관리팀에서 확인한 뒤에 처리합니다.\n".repeat(20)}보증금은 세 달 치 월세입니다.`;
    expect(focusPassage(passage, "보증금은 얼마인가요?", "page", 280).quote).toBe("보증금은 세 달 치 월세입니다.");
  });
});
