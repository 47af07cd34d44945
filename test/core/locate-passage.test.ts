import { describe, expect, it } from "vitest";
import { claimBefore } from "../../src/core/citing/claim-before.ts";
import { cite } from "../../src/core/citing/cite.ts";
import type { Page } from "../../src/core/document.ts";
import { findSources } from "../../src/core/citing/find-sources.ts";
import { locatePassage } from "../../src/core/citing/locate-passage.ts";
import { sampleDocument } from "../fakes/sample-data.ts";
import { plainResult } from "../fakes/scripted-engine.ts";

const toPages = (...texts: readonly string[]): Page[] => texts.map((text, index) => ({ number: index + 1, text }));

const ENGLISH = toPages(
  "Harbour Ferries, staff handbook\nEvery boat carries two trained officers.\nTheir shifts begin at the north pier.",
  "Harbour Ferries, staff handbook\nA “first-class” ticket is valid for twelve months – on all office days.\nBicycles travel free of charge before nine o'clock.",
  "Harbour Ferries, staff handbook\nLost property is kept for six weeks in the harbour office.\nUmbrellas are given away after that.",
);
const KOREAN = toPages(
  "항만 여객선 직원 안내서\n모든 배에는 훈련받은 항해사 두 명이 탑승한다.",
  "항만 여객선 직원 안내서\n일등석 승차권은 발행일부터 12개월 동안 유효하며 환불되지 않는다.",
  "항만 여객선 직원 안내서\n분실물은 항만 사무실에서 6주 동안 보관한 뒤 기증한다.",
);
const JAPANESE = toPages(
  "港湾フェリー職員手引き\nすべての船には訓練を受けた航海士が二名乗船します。",
  "港湾フェリー職員手引き\n一等チケットの有効期間は12か月で、払い戻しはできません。",
  "港湾フェリー職員手引き\n忘れ物は港の事務所で6週間保管してから寄付します。",
);
const CHINESE = toPages(
  "港口渡轮员工手册\n每艘船上都有两名受过培训的驾驶员值班。",
  "港口渡轮员工手册\n头等舱船票自签发之日起12个月内有效，恕不退款。",
  "港口渡轮员工手册\n失物在港口办公室保管六个星期以后捐赠给慈善机构。",
);
const GERMAN = toPages(
  "Hafenfähren, Handbuch\nAuf jedem Schiff fahren zwei geprüfte Steuerleute mit.",
  "Hafenfähren, Handbuch\nEine Fahrkarte erster Klasse gilt zwölf Monate; die Größe des Gepäcks ist begrenzt.",
  "Hafenfähren, Handbuch\nFundsachen werden sechs Wochen im Hafenbüro aufbewahrt.",
);

describe("a passage is found on its page", () => {
  it.for([
    ["with a hyphen kept at a line end", ENGLISH, "Bicycles tra-\nvel free of charge be-\nfore nine o'clock.", 2],
    ["with lost spaces", ENGLISH, "Bicyclestravel free ofcharge before nineo'clock.", 2],
    ["with added spaces", ENGLISH, "Bicy cles tra vel free of char ge before nine o'clock.", 2],
    ["with ligatures", ENGLISH, "A “ﬁrst-class” ticket is valid for twelve months – on all oﬃce days.", 2],
    ["with other quotes and dashes", ENGLISH, 'A "first‐class" ticket is valid for twelve months -- on all office', 2],
    ["with soft hyphens", ENGLISH, "Lost prop\u00ADerty is kept for six weeks in the har\u00ADbour office.", 3],
    [
      "with zero-width characters",
      ENGLISH,
      "Lost pro\u200Bperty is kept for six\u200D weeks in the har\uFEFFbour office.",
      3,
    ],
    ["in full-width forms", ENGLISH, "Ｂｉｃｙｃｌｅｓ ｔｒａｖｅｌ ｆｒｅｅ ｏｆ ｃｈａｒｇｅ", 2],
    ["in capitals", ENGLISH, "BICYCLES TRAVEL FREE OF CHARGE BEFORE NINE", 2],
    ["with a header that stands on every page", ENGLISH, ENGLISH[2]?.text ?? "", 3],
    [
      "without its header, over two lines",
      ENGLISH,
      "Every boat carries two trained officers. Their shifts begin at",
      1,
    ],
    ["in decomposed Korean", KOREAN, "일등석 승차권은 발행일부터 12개월 동안 유효하며".normalize("NFD"), 2],
    ["in Korean with other spaces", KOREAN, "분실물 은 항만사무실에서 6 주동안 보관한뒤 기증한다.", 3],
    ["in Japanese, broken in lines", JAPANESE, "一等チケットの有効期\n間は12か月で、払い戻し\nはできません。", 2],
    ["in Japanese with full-width digits", JAPANESE, "忘れ物は港の事務所で６週間保管してから寄付します。", 3],
    ["in Japanese with half-width kana", JAPANESE, "一等ﾁｹｯﾄの有効期間は12か月で、払い戻しは", 2],
    ["in Chinese with spaces between", CHINESE, "头等舱 船票 自 签发 之日 起 12 个月 内 有效 , 恕不退款", 2],
    ["in Chinese with radicals for characters", CHINESE, "⼀ 失物在港⼝办公室保管六个星期以后捐赠给慈善机构。", 3],
    [
      "in German with decomposed umlauts",
      GERMAN,
      "gilt zwölf Monate; die Größe des Gepäcks ist begrenzt".normalize("NFD"),
      2,
    ],
    ["in German, hyphenated", GERMAN, "Fundsa- chen werden sechs Wochen im Hafen- büro aufbe- wahrt.", 3],
  ] as const)("%s", async ([, pages, passage, page]) => {
    expect((await locatePassage(pages, passage, null))?.page).toBe(page);
  });

  it("when the vendor read its two columns line by line", async () => {
    const left = [
      "The northern line runs each hour",
      "from the pier to the lighthouse,",
      "in winter only until sunset.",
    ];
    const right = [
      "Dogs on a lead are welcome if",
      "they stay on the lower deck and",
      "do not disturb other passengers.",
    ];
    const pages = toPages("Index of lines and rules.", [...left, ...right].join("\n"), "Prices for the season.");
    const passage = left.map((line, index) => `${line} ${right[index]}`).join("\n");
    expect((await locatePassage(pages, passage, "Dogs on a lead are welcome."))?.page).toBe(2);
  });
});

describe("a passage over several pages", () => {
  const whole = ENGLISH.map(({ text }) => text).join("\n");

  it.for([
    ["a sentence that is quoted", "Lost property is kept for six weeks in the harbour office.", 3],
    ["a sentence that is quoted as it was misread", "Bicy- cles travel freeof charge be\u00ADfore nine o’clock", 2],
    ["a sentence told in other words", "They keep lost property for six weeks.", 3],
    ["a sentence in another language with the same number", "승차권은 twelve months 동안 유효합니다.", 2],
  ] as const)("is cited by %s", async ([, claim, page]) => {
    expect((await locatePassage(ENGLISH, whole, claim))?.page).toBe(page);
  });

  it("has no page when the sentence says nothing of it", async () => {
    expect(await locatePassage(ENGLISH, whole, "Yes, it does.")).toBeUndefined();
  });

  it("is cited by the page that holds most of a sentence that runs over the break", async () => {
    const pages = toPages(
      "Chapter one ends here. The captain decides",
      "whether the ferry sails in a storm, and tells the harbour office at once. Chapter two.",
    );
    const claim = "The captain decides whether the ferry sails in a storm, and tells the harbour office at once.";
    const located = await locatePassage(pages, pages.map(({ text }) => text).join(" "), claim);
    expect(located?.page).toBe(2);
  });
});

describe("a clause that stands on several pages", () => {
  const CLAUSE = "The operator may change these terms with a notice of thirty days.";
  const pages = toPages(
    `Tickets are sold at the pier.\n${CLAUSE}\nChildren under six travel without a ticket.`,
    "Season tickets need a photograph.",
    `Freight is weighed before loading.\n${CLAUSE}\nDangerous goods are refused at the gate.`,
  );

  it("has no page of its own", async () => {
    expect(await locatePassage(pages, CLAUSE, CLAUSE)).toBeUndefined();
    expect(await findSources(CLAUSE, [{ documentId: "d", pages }])).toEqual([]);
  });

  it("has the page of what stands around it in the passage", async () => {
    expect((await locatePassage(pages, pages[2]?.text ?? "", CLAUSE))?.page).toBe(3);
  });

  it("has no page when another passage that was found holds it as well", async () => {
    const source = { documentId: "d", at: CLAUSE.length, page: null, passage: pages[0]?.text ?? "" };
    const documents = new Map([["d", sampleDocument({ id: "d", name: "terms.pdf" })]]);
    const placesOf = async (otherPassages: readonly string[]): Promise<(number | undefined)[]> => {
      const result = plainResult(CLAUSE, { sources: [{ ...source, otherPassages }] });
      const { citations } = await cite(result, documents, () => Promise.resolve(pages));
      return citations.map(({ place }) => place?.number);
    };
    expect(await placesOf([pages[2]?.text ?? ""])).toEqual([undefined]);
    expect(await placesOf([`${CLAUSE}\nChildren under six travel without a ticket.`])).toEqual([1]);
  });
});

it("a passage of words that stand on all pages has the page of the few that do not", async () => {
  const filler = "Lights and pumps are checked by the staff before every season opens.";
  const pages = toPages(
    ...Array.from(
      { length: 60 },
      (_, page) => `${filler} The code of room ${100 + page} is ${90_100 + page}. ${filler}`,
    ),
  );
  const passage = `${filler} The code of room 117 is 90117. ${filler}`;
  expect((await locatePassage(pages, passage, passage))?.page).toBe(18);
  expect(await locatePassage(pages, filler, filler)).toBeUndefined();
});

describe("a sentence of a document that the model had whole", () => {
  it.for([
    ["word by word", "Umbrellas are given away after that.", 3],
    ["with words left out", "Lost property is kept six weeks in the harbour office.", 3],
    ["in Korean, with words left out", "일등석 승차권은 12개월 동안 유효하며 환불되지 않는다.", 2, KOREAN],
    ["in Chinese", "头等舱船票自签发之日起12个月内有效。", 2, CHINESE],
  ] as const)("is found %s", async ([, sentence, page, pages = ENGLISH]) => {
    const found = await findSources(sentence, [{ documentId: "d", pages }]);
    expect(found.map((source) => source.page)).toEqual([page]);
  });

  it("has no page when two documents hold it", async () => {
    const documents = ["a", "b"].map((documentId) => ({ documentId, pages: [...ENGLISH] }));
    expect(await findSources("Umbrellas are given away after that.", documents)).toEqual([]);
  });
});

/** `|` is where the mark stands, `^` where the one before it does. */
describe("the sentence of a mark", () => {
  it.for([
    [
      "is the last one",
      "The rent is due on Monday. The deposit is three months of rent without the heating.|",
      "The deposit is three months of rent without the heating.",
    ],
    ["begins on its line", "Terms:\n- The deposit is 2.5 months of rent.|", "- The deposit is 2.5 months of rent."],
    [
      "goes on behind an abbreviation",
      "Capital of the U.S. banks was enough for the year.|",
      "Capital of the U.S. banks was enough for the year.",
    ],
    [
      "takes the one before along when it is short",
      "The fee for late returns is 40 euros. Yes.|",
      "The fee for late returns is 40 euros. Yes.",
    ],
    ["does not reach over the mark before", "The rent is 900 euros^ and the deposit 2,400.|", "and the deposit 2,400."],
    [
      "is shared by two marks in one place",
      "The deposit is three months of rent.^|",
      "The deposit is three months of rent.",
    ],
    [
      "ends at Chinese full stops",
      "租金每月支付。押金为三个月的租金，不计利息，退租之后十四天内退还。|",
      "押金为三个月的租金，不计利息，退租之后十四天内退还。",
    ],
  ] as const)("%s", ([, text, claim]) => {
    const at = text.replace("^", "").indexOf("|");
    const from = Math.max(0, text.indexOf("^"));
    expect(claimBefore(text.replaceAll(/[|^]/g, ""), at, from)).toBe(claim);
  });
});

describe("a sentence in a document that says everything many times", () => {
  const filler = "corridor lights pumps filters doors and windows must be checked by staff before every season opens ";
  const pages = toPages(
    ...[1, 2, 3, 4].map((room) => `${filler.repeat(8)}The code of room 30${room} is 9030${room}. ${filler.repeat(8)}`),
  );
  const passage = `${filler.repeat(4)}The code of room 303 is 90303. ${filler.repeat(6)}`;

  it.for([
    ["by itself", "The code of room 303 is 90303."],
    ["behind a list without an end", `${filler.repeat(6)} pumps, windows: The code of room 303 is 90303.`],
  ] as const)("is found on its page %s", async ([, claim]) => {
    expect((await locatePassage(pages, passage, claim))?.page).toBe(3);
  });
});
