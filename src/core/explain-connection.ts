import { found, type Finding } from "./ports/diagnosis.ts";
import type { TextKey } from "./texts/language.ts";

type Said = readonly [seen: TextKey, remedy: TextKey];

const UNTRUSTED: Said = ["doctor.connection.untrusted", "doctor.connection.untrusted_remedy"];
const OUT_OF_DATE: Said = ["doctor.connection.out_of_date", "doctor.connection.out_of_date_remedy"];
const NO_TLS: Said = ["doctor.connection.no_tls", "doctor.connection.no_tls_remedy"];
const NO_NAME: Said = ["doctor.connection.no_name", "doctor.connection.no_name_remedy"];

/** Codes of Node's TLS (nodejs.org/api/tls.html#x509-certificate-error-codes), of OpenSSL and of looking up a name. */
const BY_CODE: Readonly<Record<string, Said>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  CERT_HAS_EXPIRED: OUT_OF_DATE,
  CERT_NOT_YET_VALID: OUT_OF_DATE,
  ERR_TLS_CERT_ALTNAME_INVALID: ["doctor.connection.other_name", "doctor.connection.other_name_remedy"],
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ENOTFOUND: NO_NAME,
  EAI_AGAIN: NO_NAME,
};

/** Deep enough for an SDK’s error around that of fetch around that of the socket. */
const DEEPEST = 6;

/**
 * Why a service could not be reached, where the error or one that it was made of names more than that: a certificate, a
 * port without TLS, a name that is not known, redirects without end. `variable` holds the address, where one is set.
 */
export function explainConnection(
  subject: string,
  error: unknown,
  place: { readonly service: string; readonly address: string; readonly variable: string },
): Finding {
  const causes = toCauses(error);
  const code = causes.map(codeOf).find((each) => each !== undefined && Object.hasOwn(BY_CODE, each));
  const said = code === undefined ? undefined : BY_CODE[code];
  if (said !== undefined) return found("problem", subject, [said[0], { ...place, code: code ?? "" }], [said[1], place]);
  // Node's fetch gives this no code.
  const isCircle = causes.some((cause) => cause instanceof Error && cause.message === "redirect count exceeded");
  const seen = isCircle ? "doctor.connection.circle" : "doctor.unreachable";
  return found("problem", subject, [seen, place], ["doctor.unreachable_remedy", place]);
}

/** The error and what it was made of, outermost first. Slack's SDK keeps that in `original`, others in `cause`. */
function toCauses(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let each = error; each instanceof Error && causes.length < DEEPEST; each = next(each)) causes.push(each);
  return causes;
}

function next(error: Error): unknown {
  if (error instanceof AggregateError) return error.errors[0];
  return error.cause ?? ("original" in error ? error.original : undefined);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
