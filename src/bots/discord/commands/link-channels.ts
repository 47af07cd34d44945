import type { Directory } from "../directory.ts";

/**
 * Core keeps no names of channels, so its replies list keys: Discord shows the link in their place, with the name, to
 * those who may see the channel. Only for text that is defused already.
 */
export function linkChannels(said: string, directory: Pick<Directory, "known">): string {
  return said.replace(/\bdiscord:(\d+)\b(?!:\w)/g, (key, id: string) =>
    directory.known(id) === undefined ? key : `<#${id}>`,
  );
}
