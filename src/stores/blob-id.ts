import { DocentError } from "../core/errors.ts";

export function isBlobId(name: string): boolean {
  return /^[\w-]{1,128}$/.test(name);
}

/** Guards paths and keys: an id is never made from what a person wrote. @throws DocentError `internal` */
export function checkBlobId(id: string): string {
  if (!isBlobId(id)) throw new DocentError("internal", "A blob id holds letters, digits, - and _ only.");
  return id;
}
