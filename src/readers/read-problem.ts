import type { ErrorCode, ErrorDetails } from "../core/errors.ts";

/** Thrown anywhere inside a reader: what is wrong with the file, as people are told it. */
export class ReadProblem extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(code);
    this.name = "ReadProblem";
    this.code = code;
    this.details = details;
  }
}
