/** An answer that is an error, in S3's form: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "S3Error";
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

export function toErrorXml({ code, message, fields }: S3Error, resource: string): string {
  return toXml("Error", { Code: code, Message: message, Resource: resource, RequestId: "4442587FB7D0A2F9", ...fields });
}

/** One element whose children hold texts; what is already XML comes in `inner`. */
export function toXml(name: string, children: Readonly<Record<string, string | number>>, inner = ""): string {
  const texts = Object.entries(children).map(([key, value]) => `<${key}>${escapeXml(String(value))}</${key}>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}>${texts.join("")}${inner}</${name}>`;
}

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
