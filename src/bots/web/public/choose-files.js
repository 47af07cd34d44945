// @ts-check
import { t } from "./i18n.js";

/**
 * What of the files that somebody chose can be taken, and a sentence about each that cannot.
 * @param {readonly File[]} chosen
 * @param {{ maxFileMb: number, room: number, noRoom: string }} limits `room` for as many files; `noRoom` says so
 * @returns {{ files: File[], notes: string[] }}
 */
export function chooseFiles(chosen, { maxFileMb, room, noRoom }) {
  const maxBytes = maxFileMb * 1024 * 1024;
  const small = chosen.filter(({ size }) => size <= maxBytes);
  const large = chosen.filter(({ size }) => size > maxBytes);
  const notes = large.map(({ name }) => t("composer.too_large", { name, max: maxFileMb }));
  return { files: small.slice(0, room), notes: small.length > room ? [...notes, noRoom] : notes };
}
