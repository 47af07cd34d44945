import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { isJson, type Json } from "./state.ts";

/** Checks bodies against OpenAI's own description. Each answers with what is wrong; nothing for a good body. */
export interface SchemaCheck {
  /** Whether the description has this address. */
  knows(method: string, path: string): boolean;
  request(method: string, path: string, body: Json): readonly string[];
  response(method: string, path: string, status: number, body: Json): readonly string[];
  streamEvent(event: Json): readonly string[];
}

const ID = "openapi";

/**
 * Builds the check from an OpenAPI 3.1 document. Every `oneOf` is relaxed to `anyOf`: a message with a list of contents
 * fits two branches of the published description, and would be refused (facts of 2026-11, openai-openapi f85dbe2).
 */
export function createSchemaCheck(openApiDocument: unknown): SchemaCheck {
  const document = relax(openApiDocument);
  if (!isJson(document) || !isJson(document["paths"])) throw new TypeError("This is not an OpenAPI document.");
  const { paths } = document;
  const templates = Object.keys(paths).filter((path) => !path.includes("?"));
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  ajv.addSchema(document, ID);
  const compiled = new Map<string, ValidateFunction>();

  function validate(pointer: readonly string[], body: Json, isClosed: boolean): readonly string[] {
    const reference = `${ID}#/${pointer.map(toPointerPart).join("/")}`;
    let check = compiled.get(reference);
    if (check === undefined) {
      // The description leaves unknown names open where the vendor refuses them.
      check = ajv.compile({ $ref: reference, ...(isClosed ? { unevaluatedProperties: false } : {}) });
      compiled.set(reference, check);
    }
    if (check(body)) return [];
    return (check.errors ?? []).map(({ instancePath, message, params }) =>
      [instancePath, message, JSON.stringify(params)].join(" "),
    );
  }

  function operation(method: string, path: string): readonly string[] | undefined {
    const template = templates.find((each) => fits(each, path));
    const entry = template === undefined ? undefined : paths[template];
    const verb = method.toLowerCase();
    return template !== undefined && isJson(entry) && isJson(entry[verb]) ? ["paths", template, verb] : undefined;
  }

  function schemaAt(pointer: readonly string[]): boolean {
    let value: unknown = document;
    for (const part of pointer) value = isJson(value) ? value[part] : undefined;
    return isJson(value);
  }

  return {
    knows: (method, path) => operation(method, path) !== undefined,
    request(method, path, body) {
      const found = operation(method, path);
      if (found === undefined) return [`${method} ${path} is not described.`];
      const pointer = [...found, "requestBody", "content", "application/json", "schema"];
      return schemaAt(pointer) ? validate(pointer, body, true) : [];
    },
    response(method, path, status, body) {
      const found = operation(method, path);
      if (found === undefined) return [`${method} ${path} is not described.`];
      const pointer = [...found, "responses", String(status), "content", "application/json", "schema"];
      if (schemaAt(pointer)) return validate(pointer, body, false);
      return status < 400
        ? [`${method} ${path} has no ${status}.`]
        : validate(["components", "schemas", "ErrorResponse"], body, false);
    },
    streamEvent: (event) => validate(["components", "schemas", "ResponseStreamEvent"], event, false),
  };
}

function relax(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relax);
  if (!isJson(value)) return value;
  const entries = Object.entries(value).filter(([name, entry]) => !(name === "discriminator" && isJson(entry)));
  return Object.fromEntries(entries.map(([name, entry]) => [name === "oneOf" ? "anyOf" : name, relax(entry)]));
}

function fits(template: string, path: string): boolean {
  const wanted = template.split("/");
  const given = path.split("/");
  return wanted.length === given.length && wanted.every((part, index) => part.startsWith("{") || part === given[index]);
}

function toPointerPart(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}
