/** Where the bytes of documents live. */
export type BlobAddress =
  /** The data folder of this one process. */
  | { readonly kind: "data-folder" }
  /** Postgres, beside everything else. */
  | { readonly kind: "database" }
  /** A folder that every replica sees under the same path. */
  | { readonly kind: "folder"; readonly path: string }
  | BucketAddress;

/** A bucket of S3, or of a server that speaks its protocol. */
export interface BucketAddress {
  readonly kind: "bucket";
  /** The server's address; null is S3 itself. */
  readonly endpoint: string | null;
  readonly bucket: string;
  /** What the keys begin with, without slashes at its ends; may be empty. */
  readonly prefix: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}
