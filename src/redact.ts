export type Redact = (text: string) => string;

const PLACE = "[secret]";

/** A shorter one would black out ordinary words. */
const MIN_LENGTH = 4;

/** What looks like a secret of a vendor we talk to, whoever put it into a message. `$1` is what may stay. */
const SHAPES: readonly RegExp[] = [
  /()\bsk-[\w-]{8,}/g,
  // Slack: tokens, and addresses at which whoever knows them may post.
  /()\bxox[a-z](?:\.xox[a-z])?-[\w-]{8,}/g,
  /()\bxapp-[\w-]{8,}/g,
  /(\bhooks\.slack(?:-gov)?\.com\/)[^\s"'<>]+/g,
  // Discord: bot tokens, and those of interactions and webhooks.
  /()\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}/g,
  /(\/(?:webhooks|interactions)\/\d{15,}\/)[\w-]{20,}/g,
  // Headers.
  /(\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?)[^\r\n"']+/gi,
  /(\b(?:set-)?cookie["']?\s*[:=]\s*["']?)[^\r\n"']+/gi,
  /(\bBearer\s+)[\w.~+/=-]{8,}/g,
  /(\bBasic\s+)(?=[A-Za-z+/]*[\d+/=])[\w+/]{8,}={0,2}/g,
  /(\bdocent_session=)[^;\s"']+/g,
  // Addresses that are keys: those of S3 and of Discord's files, Slack's sockets, a password before the host.
  /(\b(?:X-Amz-(?:Signature|Credential|Security-Token)|Signature|Credential)=)[^&,\s"']+/gi,
  /([?&](?:access_token|api[-_]?key|code|hm|key|pub_secret|secret|sig|signature|ticket|token)=)[^&\s"']+/gi,
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']*:[^\s/@"']+(?=@)/gi,
];

/** Blacks out these secrets, however they are written down, and what looks like one. */
export function createRedact(secrets: readonly string[]): Redact {
  // The longest first: one secret may be the beginning of another.
  const forms = [...new Set(secrets.flatMap(toForms))].toSorted((a, b) => b.length - a.length);
  return (text) => {
    const known = forms.reduce((rest, form) => rest.replaceAll(form, PLACE), text);
    return SHAPES.reduce((rest, shape) => rest.replace(shape, `$1${PLACE}`), known);
  };
}

/** As it is, within JSON, within an address, and taken out of one. */
function toForms(secret: string): readonly string[] {
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), decode(secret)];
  return forms.filter((form) => form.length >= MIN_LENGTH);
}

function decode(secret: string): string {
  try {
    return decodeURIComponent(secret);
  } catch {
    return secret;
  }
}
