import { MessageFlags } from "discord-api-types/v10";
import type { APIAttachment, APIMessage } from "discord-api-types/v10";
import type { Attachment } from "../../core/incoming.ts";
import { forwarded } from "./plain-text.ts";

/**
 * What is needed to fetch a file: the message that holds it gives a fresh address. `url` lasts for a day and is all
 * there is where no message can be asked: for a file of a slash command, and for the target of a message command while
 * Message Content is off.
 */
export type FileReference = {
  readonly message: {
    readonly guildId: string | null;
    readonly channelId: string;
    readonly messageId: string;
    readonly attachmentId: string;
  } | null;
  readonly url: string | null;
};

/** All files of a message, also of a message that it forwards. */
export function toAttachments(
  message: APIMessage,
  guildId: string | null,
  options: { readonly maxFileMb: number; readonly keepUrl?: boolean },
): readonly Attachment[] {
  const isVoice = ((message.flags ?? 0) & MessageFlags.IsVoiceMessage) !== 0;
  return filesOf(message).map((file) => {
    const reference: FileReference = {
      message: { guildId, channelId: message.channel_id, messageId: message.id, attachmentId: file.id },
      url: options.keepUrl === true ? file.url : null,
    };
    const attachment = toAttachment(file, reference, options.maxFileMb);
    return isVoice || file.waveform !== undefined ? { ...attachment, problem: voiceProblem(file) } : attachment;
  });
}

/** One file. People with Nitro post far larger ones than anybody wants to read. */
export function toAttachment(file: APIAttachment, reference: FileReference, maxFileMb: number): Attachment {
  // A file hidden as a spoiler carries that in its name.
  const name = file.filename.replace(/^SPOILER_/, "");
  const attachment = { key: `discord:${file.id}`, name, sizeBytes: file.size, reference };
  if (file.size <= maxFileMb * 1024 * 1024) return attachment;
  return { ...attachment, problem: { code: "file_too_large", details: { name, maxMb: maxFileMb } } };
}

export function filesOf(message: APIMessage): readonly APIAttachment[] {
  return [...message.attachments, ...forwarded(message).flatMap(({ attachments }) => attachments)];
}

/** Worth noting when nobody asked: not recordings and films, which Docent cannot read. */
export function isReadable(file: APIAttachment): boolean {
  return file.waveform === undefined && !/^(audio|video)\//.test(file.content_type ?? "");
}

export function isFileReference(value: unknown): value is FileReference {
  return typeof value === "object" && value !== null && "message" in value && "url" in value;
}

function voiceProblem(file: APIAttachment): Attachment["problem"] {
  return { code: "file_unsupported", details: { name: file.filename, type: "OGG" } };
}
