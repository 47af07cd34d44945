import { describe, expect, it } from "vitest";
import type { Place } from "../../src/core/document.ts";
import { placeText } from "../../src/core/texts/place-text.ts";

describe("where something stands, in words", () => {
  it.each<[Place, string, string]>([
    [{ unit: "page", number: 1200 }, "p. 1200", "1200쪽"],
    [{ unit: "line", number: 40 }, "line 40", "40행"],
    [{ unit: "slide", number: 3 }, "slide 3", "슬라이드 3"],
    [{ unit: "sheet", number: 2, title: "Rent_2026" }, "sheet “Rent\\_2026”", "“Rent\\_2026” 시트"],
    [{ unit: "sheet", number: 2 }, "sheet 2", "시트 2"],
    [{ unit: "section", number: 5, title: "Notice" }, "section “Notice”", "“Notice” 절"],
    [{ unit: "section", number: 5 }, "section 5", "5번째 절"],
    [{ unit: "slide", number: 3, title: "never shown" }, "slide 3", "슬라이드 3"],
  ])("%o", (place, english, korean) => {
    const escape = (name: string): string => name.replaceAll("_", "\\_");
    expect(placeText(place, "en", escape)).toBe(english);
    expect(placeText(place, "ko", escape)).toBe(korean);
  });
});
