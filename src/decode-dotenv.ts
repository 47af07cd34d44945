import { ConfigError } from "./config.ts";

/** A `.env` whose letters are two bytes each: read as UTF-8 it would seem to set nothing. */
export class WideDotenvError extends ConfigError {
  constructor() {
    super([
      ".env is encoded as UTF-16, as “>” of PowerShell 5 writes it, so that none of it can be read. Save it as UTF-8; in PowerShell: (Get-Content .env) | Set-Content -Encoding utf8 .env",
    ]);
    this.name = "WideDotenvError";
  }
}

/** The text of a `.env` file. @throws WideDotenvError for UTF-16, with a byte order mark or without */
export function decodeDotenv(bytes: Buffer): string {
  const [first, second] = bytes;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isMarked || bytes.includes(0)) throw new WideDotenvError();
  return bytes.toString("utf8");
}
