import { makePdf } from "../../test/fixtures/make-pdf.ts";
import { createRandom } from "../../test/world/random.ts";

/** A message of somebody, with the files that come with it. */
export interface Said {
  readonly author: string;
  readonly text: string;
  readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
}

/** Something that a person said, how it is asked for, and a word that only a right answer holds. */
export interface Fact {
  readonly said: string;
  readonly question: string;
  readonly answer: string;
}

const AUTHORS = ["Kim", "Ada", "Grace", "Minjun", "Lena"];

/** Said in the first twenty turns, and asked for at the end. */
export const FIRST_FACTS: readonly Fact[] = [
  ["The landlord's caretaker is called Ottokar Blum.", "What is the landlord's caretaker called?", "Ottokar"],
  ["We decided to move the launch of Heron to 14 March.", "To which day was the launch of Heron moved?", "14 March"],
  [
    "The projector in room Aurora has the serial number PX-4417.",
    "What serial number has the projector in Aurora?",
    "PX-4417",
  ],
  ["Our budget for the summer party is 3,850 euros.", "What is our budget for the summer party?", "3,850"],
  ["Lena is responsible for the archive in Leipzig.", "Who is responsible for the archive in Leipzig?", "Lena"],
  ["The door code of the bicycle cellar is 7729.", "What is the door code of the bicycle cellar?", "7729"],
  ["We agreed that Tuesdays stay free of meetings.", "Which days stay free of meetings?", "Tuesday"],
  ["The courier for samples comes at 16:40.", "When does the courier for samples come?", "16:40"],
  ["My deputy during the trip to Busan is Hwang Jiwoo.", "Who is the deputy during the trip to Busan?", "Jiwoo"],
  ["The old coffee machine goes to the Rotterdam office.", "To which office goes the old coffee machine?", "Rotterdam"],
  ["Contract 88-B with Larkspur ends in November.", "When does contract 88-B with Larkspur end?", "November"],
  ["Nobody uses the blue template for offers any more.", "Which template for offers is not used any more?", "blue"],
  ["The test phones lie in locker 12.", "In which locker lie the test phones?", "12"],
  ["We decided against the vendor Quillon.", "Which vendor did we decide against?", "Quillon"],
  ["The auditors of Pellworm arrive on 9 February.", "When do the auditors of Pellworm arrive?", "9 February"],
  ["Grace speaks Portuguese and takes the calls from Recife.", "Who takes the calls from Recife?", "Grace"],
  ["The spare key of the van hangs behind the yellow map.", "Where hangs the spare key of the van?", "yellow map"],
  ["Our password manager for guests is Tresor.", "What is our password manager for guests?", "Tresor"],
  ["The quarterly review takes place in Tallinn.", "Where does the quarterly review take place?", "Tallinn"],
  ["The printer on floor four needs cartridge K-590.", "Which cartridge needs the printer on floor four?", "K-590"],
].map(([said = "", question = "", answer = ""]) => ({ said, question, answer }));

const GREETINGS = ["Good morning, everybody.", "Thanks a lot.", "Hello again.", ""];
const THINGS = ["rack", "drone", "ladder", "kiln", "trolley", "antenna", "freezer", "scooter", "lathe", "tent"];
const PLACES = ["Bergen", "Porto", "Ghent", "Lund", "Turin", "Graz", "Malaga", "Cork", "Gdansk", "Aarhus"];
const TOPICS = ["notice period", "deposit", "travel costs", "incident reports", "visitor badges", "annual leave"];

/**
 * What is said in a channel, turn by turn, the same for one seed. Five documents come in the first turns: two short ones
 * and three long ones. People say a fact with each of the first twenty questions, and with a share (`talk`) of the others.
 */
export async function writeChannel(turns: number, { seed, talk }: { seed: number; talk: number }): Promise<Said[]> {
  const random = createRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const documents = await writeDocuments(random);
  return Array.from({ length: turns }, (_, index) => {
    const first = FIRST_FACTS[index]?.said;
    const later =
      index >= FIRST_FACTS.length && random() < talk
        ? `The ${pick(THINGS)} number ${index} is kept in ${pick(PLACES)} and costs ${100 + Math.floor(random() * 900)} euros a year.`
        : "";
    const section = 1 + Math.floor(random() * 60);
    const question = `What does section ${section} say about the ${pick(TOPICS)}?`;
    const text = [pick(GREETINGS), first ?? later, question].filter(Boolean).join(" ");
    const file = documents[index];
    return { author: pick(AUTHORS), text, files: file === undefined ? [] : [file] };
  });
}

async function writeDocuments(random: () => number): Promise<Said["files"]> {
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? "";
  const section = (number: number, sentences: number): string => {
    const lines = Array.from({ length: sentences }, () => {
      const amount = 10 + Math.floor(random() * 990);
      return `Section ${number} says about the ${pick(TOPICS)} that ${amount} days or ${amount * 3} euros apply in ${pick(PLACES)}.`;
    });
    return lines.join(" ");
  };
  const pages = (count: number, sentences: number): string[] =>
    Array.from({ length: count }, (_, index) => section(index + 1, sentences));
  return [
    { name: "lease.pdf", bytes: await makePdf(pages(2, 14)) },
    { name: "handbook.pdf", bytes: await makePdf(pages(60, 24)) },
    { name: "prices.md", bytes: Buffer.from(pages(6, 14).join("\n\n")) },
    { name: "security.pdf", bytes: await makePdf(pages(120, 24)) },
    { name: "minutes.md", bytes: Buffer.from(pages(60, 20).join("\n\n")) },
  ];
}
