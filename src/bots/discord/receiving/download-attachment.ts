import { Routes } from "discord-api-types/v10";
import type { REST } from "@discordjs/rest";
import type { APIMessage } from "discord-api-types/v10";
import { DocentError, isDocentError } from "../../../core/errors.ts";
import type { Attachment } from "../../../core/incoming.ts";
import { filesOf, isFileReference, type FileReference } from "../attachments.ts";
import { isGone, toBotError } from "../discord-errors.ts";

const DISCORD_HOSTS = ["cdn.discordapp.com", "media.discordapp.net"];
/** Nothing larger can be used at all, whatever the configuration allows. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * Fetches a file from Discord's own hosts with an address that is fresh: signed ones last about a day, and the message
 * gives a new one. @throws DocentError `file_gone`, `file_download_failed`, `file_too_large`
 */
export async function downloadAttachment(
  attachment: Pick<Attachment, "name" | "reference">,
  options: { readonly rest: REST; readonly apiUrl?: string | undefined },
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const { name, reference } = attachment;
  const details = { name };
  if (!isFileReference(reference)) {
    throw new DocentError("file_gone", "A file of Discord has no reference to a message.", { details });
  }
  const { url, sizeBytes } = await freshAddress(reference);
  if (!isAllowed(url, options.apiUrl)) {
    throw new DocentError("file_download_failed", `A file of Discord lies on another host (${url.host}).`, { details });
  }
  if (sizeBytes > MAX_BYTES) throw tooLarge();
  const response = await fetch(url, { redirect: "manual", signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new DocentError("file_download_failed", "A file of Discord could not be fetched.", { cause: error, details });
  });
  if (response.status === 404 || response.status === 403 || response.status === 410) {
    await response.body?.cancel();
    throw new DocentError("file_gone", `A file of Discord is not there any more (${response.status}).`, { details });
  }
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new DocentError("file_download_failed", `Discord answered ${response.status} for a file.`, { details });
  }
  return capped(response.body);

  async function freshAddress({ message, url: kept }: FileReference): Promise<{ url: URL; sizeBytes: number }> {
    const fallback = kept === null ? null : { url: new URL(kept), sizeBytes: 0 };
    if (message !== null) {
      try {
        const route = Routes.channelMessage(message.channelId, message.messageId);
        const found = (await options.rest.get(route, { signal })) as APIMessage;
        const file = filesOf(found).find(({ id }) => id === message.attachmentId);
        if (file !== undefined) return { url: new URL(file.url), sizeBytes: file.size };
      } catch (error) {
        signal.throwIfAborted();
        if (isGone(error)) throw new DocentError("file_gone", "The message of a file was deleted.", { details });
        const failure = toBotError(error, "Looking up the message of a file");
        throw new DocentError("file_download_failed", failure.message, { cause: error, details });
      }
    }
    if (fallback !== null) return fallback;
    throw new DocentError("file_gone", "The message of a file no longer holds it, or may not be read.", { details });
  }

  async function* capped(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let total = 0;
    try {
      for await (const chunk of body) {
        total += chunk.byteLength;
        if (total > MAX_BYTES || (sizeBytes > 0 && total > sizeBytes)) throw tooLarge();
        yield chunk;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (isDocentError(error)) throw error;
      throw new DocentError("file_download_failed", "A file of Discord broke off.", { cause: error, details });
    }
    if (sizeBytes > 0 && total < sizeBytes) {
      throw new DocentError("file_download_failed", "A file of Discord came incomplete.", { details });
    }
  }

  function tooLarge(): DocentError {
    return new DocentError("file_too_large", "A file of Discord is larger than announced or allowed.", {
      details: { ...details, maxMb: MAX_BYTES / 1024 / 1024 },
    });
  }
}

function isAllowed(url: URL, apiUrl: string | undefined): boolean {
  if (url.protocol === "https:" && DISCORD_HOSTS.includes(url.hostname)) return true;
  return apiUrl !== undefined && url.origin === new URL(apiUrl).origin;
}
