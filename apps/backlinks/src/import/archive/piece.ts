/** What an archive holds, piece by piece. Places are those in the file, where a person can look. */
export type Piece =
  | { readonly kind: 'bytes'; readonly at: number; readonly bytes: Buffer }
  /** A gzip member begins: usually a record does. */
  | { readonly kind: 'member'; readonly at: number }
  /** Bytes are missing here. */
  | { readonly kind: 'damage'; readonly at: number; readonly message: string };
