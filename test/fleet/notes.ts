import { makePdf } from "../fixtures/make-pdf.ts";
import type { Place, PostedFile } from "../world/place.ts";

export interface Note {
  readonly number: number;
  readonly file: PostedFile;
  /** Docent has it: a question may be about it. */
  isAccepted: boolean;
  /** Somebody has deleted it, maybe before it was read. */
  isRemoved: boolean;
}

/** Documents that hold one code each, so that an answer shows which of them the model was given. */
export interface Notes {
  make(place: Place): Promise<Note>;
  /** It comes with a question. */
  attach(place: Place, note: Note): void;
  /** Posts it by itself, to be asked about later. */
  post(place: Place, note: Note): void;
  /** The last one that was posted here, once Docent has it. */
  newest(place: Place): Note | undefined;
  /** Deletes the oldest message that is nothing but a note. */
  removeOldest(place: Place): void;
  /** The page deletes the oldest document that it lists, however it came. */
  changed(place: Place): void;
  expect(question: string, note: Note): void;
  check(
    answers: ReadonlyMap<string, string>,
    placeOf: (question: string) => Place | undefined,
    requestOf: (question: string) => string,
  ): NoteProblems;
}

export interface NoteProblems {
  /** Questions about a document whose answer does not know it. */
  readonly unread: readonly string[];
  /** Answers that know the document of another channel. */
  readonly leaked: readonly string[];
}

export function createNotes(): Notes {
  const posted = new Map<Place, Note[]>();
  const all = new Map<Place, Note[]>();
  const owners = new Map<string, Place>();
  const expected = new Map<string, Note>();
  let count = 0;

  return {
    async make(place) {
      const number = (count += 1);
      owners.set(toCode(number), place);
      const bytes = await makePdf([`The code of note ${number} is ${toCode(number)}.`]);
      return { number, file: { name: `note-${number}.pdf`, bytes }, isAccepted: false, isRemoved: false };
    },
    attach: (place, note) => void all.set(place, [...(all.get(place) ?? []), note]),
    post(place, note) {
      posted.set(place, [...(posted.get(place) ?? []), note]);
      all.set(place, [...(all.get(place) ?? []), note]);
      void place.note(note.file).accepted.then(() => (note.isAccepted = true));
    },
    newest(place) {
      const note = posted.get(place)?.at(-1);
      return note?.isAccepted === true && !note.isRemoved ? note : undefined;
    },
    removeOldest(place) {
      if (place.removeNote === undefined) return;
      const note = posted.get(place)?.shift();
      if (note !== undefined) note.isRemoved = true;
      place.removeNote();
    },
    changed(place) {
      if (place.removeNote !== undefined) return;
      const note = all.get(place)?.shift();
      if (note !== undefined) note.isRemoved = true;
    },
    expect: (question, note) => void expected.set(question, note),
    check(answers, placeOf, requestOf) {
      const unread = [...expected].flatMap(([question, { number, isRemoved }]) => {
        const answer = answers.get(question);
        const isKnown = answer === undefined || answer.includes(toCode(number));
        return isKnown || isRemoved
          ? []
          : `${placeOf(question)?.name}: note ${number}, ${answer.slice(0, 120)} ${requestOf(question)}`;
      });
      const leaked = [...answers].flatMap(([question, answer]) =>
        codesIn(answer).flatMap((code) => (owners.get(code) === placeOf(question) ? [] : `${question} knows ${code}`)),
      );
      return { unread, leaked };
    },
  };
}

/** The codes that stand in a text. */
export function codesIn(text: string): readonly string[] {
  return [...new Set(text.match(/\bK\d+X\b/g))];
}

function toCode(number: number): string {
  return `K${number}X`;
}
