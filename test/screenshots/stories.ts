import { makeCjkPdf } from "../fixtures/make-cjk-pdf.ts";
import { makePdf } from "../fixtures/make-pdf.ts";

/** What is asked and answered in the pictures of one language. */
export interface Story {
  readonly language: "en" | "ko" | "ja";
  readonly locale: string;
  readonly timezoneId: string;
  readonly channel: string;
  readonly others: readonly string[];
  readonly policy: { readonly name: string; readonly pages: readonly string[] };
  readonly question: string;
  /** Markdown; `†` stands behind what the document says. */
  readonly answer: string;
  /** Names of the team's documents. */
  readonly team: {
    readonly handbook: string;
    readonly slides: string;
    readonly sheet: string;
    readonly archive: string;
    readonly archived: readonly string[];
    /** Opens with a password only. */
    readonly locked: string;
  };
}

export const STORIES: readonly Story[] = [
  {
    language: "en",
    locale: "en-US",
    timezoneId: "America/New_York",
    channel: "equipment",
    others: ["finance", "reading-room", "onboarding"],
    policy: {
      name: "loan-policy-2026.pdf",
      pages: [
        "Equipment loan policy\n\n1. Scope\nThis policy covers every device that the library lends to members of staff, including laptops, cameras and measuring instruments.",
        "2. Loan period\nA laptop may be borrowed for up to 14 days. The loan can be extended once by another seven days unless somebody else has reserved the device. Late returns are reported to the head of the department.\n\n3. Damage\nThe borrower reports damage within one working day. Repairs up to 150 euros are paid by the library. Above that the department of the borrower pays.",
        "4. Contact\nThe service desk in room 2.14 answers questions about this policy.",
      ],
    },
    question: "How long can I borrow a laptop, and who pays when it breaks?",
    answer: `A laptop may be borrowed for **up to 14 days**†. The loan can be extended once by another seven days unless somebody else has reserved the device†.

| Repair | Who pays |
|---|---|
| up to 150 euros | the library |
| above that | the department of the borrower |

The borrower reports damage within one working day†. The service desk in room 2.14 answers questions about this policy†.`,
    team: {
      handbook: "staff-handbook.pdf",
      slides: "welcome-week.pptx",
      sheet: "holidays-2026.xlsx",
      archive: "policies.zip",
      archived: ["travel.md", "security.md", "remote-work.md"],
      locked: "contract.pdf",
    },
  },
  {
    language: "ko",
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    channel: "장비-대여",
    others: ["경영지원", "자료실", "신규입사자"],
    policy: {
      name: "장비 대여 규정 2026.pdf",
      pages: [
        "장비 대여 규정\n\n제1조(적용 범위)\n이 규정은 도서관이 직원에게 빌려주는 노트북, 카메라, 측정 장비에 적용한다.",
        "제2조(대여 기간)\n노트북은 최대 14일까지 빌릴 수 있다.\n다른 사람이 예약하지 않았으면 한 번에 한하여 7일 연장할 수 있다.\n\n제3조(파손)\n빌린 사람은 파손 사실을 1영업일 안에 알려야 한다.\n15만 원 이하의 수리비는 도서관이 부담한다.\n이를 넘는 금액은 빌린 사람의 부서가 부담한다.",
        "제4조(문의)\n이 규정에 관한 문의는 214호 안내 데스크에서 받는다.",
      ],
    },
    question: "노트북은 며칠까지 빌릴 수 있나요? 고장 나면 수리비는 누가 내나요?",
    answer: `노트북은 **최대 14일까지** 빌릴 수 있습니다†. 다른 사람이 예약하지 않았으면 한 번에 한하여 7일 연장할 수 있습니다†.

| 수리비 | 부담 |
|---|---|
| 15만 원 이하 | 도서관 |
| 15만 원 초과 | 빌린 사람의 부서 |

빌린 사람은 파손 사실을 1영업일 안에 알려야 합니다†. 이 규정에 관한 문의는 214호 안내 데스크에서 받습니다†.`,
    team: {
      handbook: "취업규칙.pdf",
      slides: "신규 입사자 안내.pptx",
      sheet: "2026년 휴일.xlsx",
      archive: "사내 규정 모음.zip",
      archived: ["출장.md", "보안.md", "재택근무.md"],
      locked: "계약서.pdf",
    },
  },
  {
    language: "ja",
    locale: "ja-JP",
    timezoneId: "Asia/Tokyo",
    channel: "備品貸出",
    others: ["経理", "資料室", "新入社員"],
    policy: {
      name: "備品貸出規程2026.pdf",
      pages: [
        "備品貸出規程\n\n第1条（適用範囲）\n本規程は、図書館が職員に貸し出すノートパソコン、\nカメラ及び測定機器に適用する。",
        "第2条（貸出期間）\nノートパソコンの貸出期間は14日以内とする。\nほかに予約がない場合に限り、1回だけ7日間延長できる。\n\n第3条（破損）\n借用者は破損を1営業日以内に届け出る。\n2万円以下の修理費は図書館が負担する。\n2万円を超える修理費は借用者の部署が負担する。",
        "第4条（問い合わせ）\n本規程に関する問い合わせは214号室の受付で受け付ける。",
      ],
    },
    question: "ノートパソコンは何日まで借りられますか？壊れたときの修理費は誰が払いますか？",
    answer: `ノートパソコンの貸出期間は**14日以内**です†。ほかに予約がない場合に限り、1回だけ7日間延長できます†。

| 修理費 | 負担 |
|---|---|
| 2万円以下 | 図書館 |
| 2万円超 | 借用者の部署 |

借用者は破損を1営業日以内に届け出ます†。本規程に関する問い合わせは214号室の受付で受け付けます†。`,
    team: {
      handbook: "就業規則.pdf",
      slides: "新入社員ガイド.pptx",
      sheet: "2026年の休日.xlsx",
      archive: "社内規程集.zip",
      archived: ["出張.md", "セキュリティ.md", "在宅勤務.md"],
      locked: "契約書.pdf",
    },
  },
];

/** A PDF in the story's language. */
export async function toPdf({ language }: Story, pages: readonly string[]): Promise<Buffer> {
  if (language === "en") return await makePdf(pages);
  return makeCjkPdf(language === "ko" ? "korean" : "japanese", pages);
}
