import { describe, expect, it } from "vitest";
import { focusPassage } from "../../../src/engines/local/focus-passage.ts";

const FILLER = "Corridor lights and pumps are checked by staff before every season opens again.\n".repeat(12);

describe("focusing a passage", () => {
  it("keeps the line that says what was asked, with some lines around it", () => {
    const passage = `${FILLER}The deposit amounts to three months of rent.\n${FILLER}`;
    const focused = focusPassage(passage, "How much is the deposit?", 420);
    expect(focused).toContain("The deposit amounts to three months of rent.");
    expect(focused.length).toBeLessThanOrEqual(420);
    expect(passage).toContain(focused);
  });

  it("gives a short passage whole", () => {
    expect(focusPassage("Parties.\nThe deposit is 900 euros.", "deposit?", 420)).toBe(
      "Parties.\nThe deposit is 900 euros.",
    );
  });

  it("finds Korean", () => {
    const passage = `${"회의실 예약은 관리팀에서 확인한 뒤에 처리합니다.\n".repeat(20)}보증금은 세 달 치 월세입니다.`;
    expect(focusPassage(passage, "보증금은 얼마인가요?", 420)).toContain("보증금은 세 달 치 월세입니다.");
  });
});
