import { registerHooks } from "node:module";

type PdfJs = typeof import("pdfjs-dist/legacy/build/pdf.mjs");

const DIRECTORY = new URL(".", import.meta.resolve("pdfjs-dist/package.json"));

/** Where pdf.js finds the character maps and fonts of the installed package, as local paths ending in `/`. */
export const PDFJS_FOLDERS = {
  cMapUrl: folder("cmaps"),
  standardFontDataUrl: folder("standard_fonts"),
  wasmUrl: folder("wasm"),
  iccUrl: folder("iccs"),
} as const;

let loaded: Promise<PdfJs> | null = null;

/** Imports pdf.js once, for text only. To be called in a reading thread: it changes globals of the thread. */
export function loadPdfjs(): Promise<PdfJs> {
  loaded ??= importWithoutCanvas();
  return loaded;
}

/** pdf.js loads a native canvas to draw with. We never draw: without it a thread is smaller, and no native code runs. */
async function importWithoutCanvas(): Promise<PdfJs> {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier === "@napi-rs/canvas") throw new Error("Docent reads text only.");
      return next(specifier, context);
    },
  });
  try {
    return await import("pdfjs-dist/legacy/build/pdf.mjs");
  } finally {
    hooks.deregister();
  }
}

function folder(name: string): string {
  return decodeURIComponent(new URL(`${name}/`, DIRECTORY).pathname);
}
