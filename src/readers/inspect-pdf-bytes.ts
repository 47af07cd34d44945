/** What a PDF's raw bytes tell that pdf.js, which repairs what it can, does not. */
export interface PdfBytes {
  /** False for a download that broke off: pdf.js would show the pages that arrived as if they were all. */
  readonly isComplete: boolean;
  readonly hasImages: boolean;
}

/** Looks at a PDF without reading it. Pictures are streams, whose dictionaries are never compressed. */
export function inspectPdfBytes(bytes: Buffer): PdfBytes {
  // Whatever a mail or web server added behind it: the file's end comes after its last object.
  const end = Math.max(...["startxref", "trailer", "%%EOF"].map((mark) => bytes.lastIndexOf(mark)));
  return {
    isComplete: end > bytes.lastIndexOf("endobj"),
    hasImages: bytes.includes("/Subtype /Image") || bytes.includes("/Subtype/Image"),
  };
}
