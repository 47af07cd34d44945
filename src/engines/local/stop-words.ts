/** Words that carry a question rather than what is asked about: they are not searched for. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `what which who whom whose when where why how many much does do did done doing is are was were be been being am has
  have had having the a an of in on at to for from by with as and or if then than that this these those it its their
  they them there any some all each list give tell me my i you your we our please answer answers mentioned mention
  mentions according document report named name names page pages slide format formatted integer round rounded return
  following state stated explain can could would should will shall may might must not no so such also into onto about
  between during per via both either neither s t like just ever fy fiscal year years million millions billion billions
  usd
  무엇 무엇인가요 무엇을 무엇입니까 뭐 뭔가요 무슨 어떤 어떻게 어디 어디에 어디서 언제 누가 누구 누구인가요 왜 얼마 얼마인가요
  얼마나 몇 몇개 몇개인가요 있나요 있습니까 인가요 입니까 되나요 됩니까 하나요 합니까 해야 하는 대해 대한 관해 관한 알려줘
  알려주세요 설명해줘 설명해주세요 문서 게 것 수 좀 및 또는 그리고`.split(/\s+/),
);

/** Words that say something about what is asked, but stand on too many pages in too many senses to count fully. */
export const WEAK_WORDS: ReadonlySet<string> = new Set(
  `change changed changes changing compare compared comparison increase increased decrease decreased improve improved
  improving improvement decline declined drive drove driven base based data total amount amounts number numbers main
  major primary largest highest lowest biggest worst smallest most least more less than use used using useful relevant
  represent company companies calculate calculated report reported reports time times include included includes
  involve various different certain part make made get know found find provide given combined overall among associated
  appear related stand stands question information shown details relying provided judgment judgments utilize defined
  define response assume assumed drawing conclusions refer within`.split(/\s+/),
);

// Chinese and Japanese have no spaces to tell these from what is asked about, so they are cut out of the text first.
const UNSPACED_QUESTION_WORDS =
  /(?<![任幾几])何(?!か)|如果|可以|需要|应该|應該|必须|必須|能够|能夠|什么|甚麼|什麼|哪些|哪个|哪個|哪里|哪裡|怎样|怎樣|怎么|怎麼|如何|多少|几个|幾個|为什么|為什麼|是否|请问|請問|何ですか|なんですか|ですか|ますか|でしょうか|ください|どのように|どうやって|どの|どこ|どれ|いつ|だれ|なぜ|いくつ|いくら/gu;

/** The question with the question words of languages written without spaces replaced by a space. */
export function withoutQuestionWords(question: string): string {
  return question.replaceAll(UNSPACED_QUESTION_WORDS, " ");
}
