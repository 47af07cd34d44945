// @ts-check
import { t } from "./i18n.js";

/** A refusal of the server in its own words, or `status` 0 when it could not be reached. */
export class ApiError extends Error {
  /** @param {number} status @param {string} code @param {string} message */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Whether the same request may succeed later without a change. */
  get isPassing() {
    return [0, 408, 429, 502, 503, 504].includes(this.status);
  }
}

/** @param {string} channel */
export const channelPath = (channel) => `/api/channels/${encodeURIComponent(channel)}`;

/** @param {string} path @returns {Promise<any>} */
export const get = (path) => call("GET", path);
/** @param {string} path @param {object} [body] @returns {Promise<any>} */
export const post = (path, body) => call("POST", path, body);
/** @param {string} path @returns {Promise<any>} */
export const remove = (path) => call("DELETE", path);

/** @param {string} method @param {string} path @param {object} [body] */
async function call(method, path, body) {
  const headers = { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(path, init).catch(() => null);
  if (response === null) throw new ApiError(0, "network", t("error.network"));
  return settle(response.status, await response.text().catch(() => ""));
}

/**
 * Posts a form and tells how much of it has left. `fetch` cannot tell, so this is XMLHttpRequest.
 * @param {string} path
 * @param {FormData} form
 * @param {{ onProgress?: (share: number) => void, signal?: AbortSignal }} [options]
 * @returns {Promise<any>}
 */
export function upload(path, form, { onProgress, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    });
    const fail = () => reject(new ApiError(0, "network", t("error.network")));
    for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, fail);
    request.addEventListener("load", () => {
      try {
        resolve(settle(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    });
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

/** @param {number} status @param {string} body */
function settle(status, body) {
  const json = parse(body);
  if (status >= 200 && status < 300) return json;
  // The session has ended: the same address shows the sign-in form.
  if (status === 401) location.assign("/");
  throw new ApiError(status, json?.error?.code ?? "network", json?.error?.message ?? t("error.network"));
}

/** @param {string} body */
function parse(body) {
  try {
    return body === "" ? null : JSON.parse(body);
  } catch {
    return null;
  }
}
