import { LANGUAGE_TAGS, languageOf } from "../../core/texts/languages.ts";

const LANGUAGES = LANGUAGE_TAGS.map((tag) => languageOf(tag).search);

/** Words that carry a question rather than what is asked about: they are not searched for. */
export const STOP_WORDS: ReadonlySet<string> = new Set(LANGUAGES.flatMap(({ stopWords }) => stopWords));

/** Words that say something about what is asked, but stand on too many pages in too many senses to count fully. */
export const WEAK_WORDS: ReadonlySet<string> = new Set(
  `change changed changes changing compare compared comparison increase increased decrease decreased improve improved
  improving improvement decline declined drive drove driven base based data total amount amounts number numbers main
  major primary largest highest lowest biggest worst smallest most least more less than use used using useful relevant
  represent company companies calculate calculated report reported reports time times include included includes
  involve various different certain part make made get know found find provide given combined overall among associated
  appear related stand stands question information shown details relying provided judgment judgments utilize defined
  define response assume assumed drawing conclusions refer within keep keeps kept keeping take takes taken need needs
  needed want wants bring put let allow allows allowed happen happens`.split(/\s+/),
);

// Languages without spaces do not set these apart from what is asked about, so they are cut out of the text first. We
// search in Chinese, though we do not write it.
const UNSPACED_QUESTION_WORDS = new RegExp(
  [
    "(?<![任幾几])何(?!か)|如果|可以|需要|应该|應該|必须|必須|能够|能夠|什么|甚麼|什麼|哪些|哪个|哪個|哪里|哪裡|怎样|怎樣|怎么|怎麼|如何|多少|几个|幾個|为什么|為什麼|是否|请问|請問",
    ...LANGUAGES.flatMap(({ questionWords }) => questionWords),
  ].join("|"),
  "gu",
);

/** The question with the question words of languages written without spaces replaced by a space. */
export function withoutQuestionWords(question: string): string {
  return question.replaceAll(UNSPACED_QUESTION_WORDS, " ");
}

/** Whether a question asks for what title pages hold: title, author, date. */
export function asksForTitlePage(question: string): boolean {
  return /标题|標題|发布|封面/u.test(question) || LANGUAGES.some(({ titlePage }) => titlePage?.test(question) === true);
}

/** Whether a question is about documents as a whole, as for a summary: nothing in it can be searched for. */
export function asksAboutWhole(question: string): boolean {
  return LANGUAGES.some(({ wholeDocument }) => wholeDocument?.test(question) === true);
}
