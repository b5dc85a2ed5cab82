/** A range of an object's bytes; `to` is exclusive. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Where bytes are kept. Keys are paths of safe names with `/` between them. Objects are small enough to hold in memory (a
 * part of rows, a part of a plan, one answer), and large ones can be read a piece at a time. A write is done whole or not
 * at all. A step that cannot be done rejects with `StorageAway`.
 *
 * A marker names the installation to which these bytes belong, so that a missing mount is not taken for empty storage.
 * Before `claim` or `serve` has named the installation, nothing is written, and no object is reported as missing.
 */
export interface Backend {
  /** Writes or replaces. A secret can be read by the service's user alone, if the backend has users. */
  put(key: string, bytes: Uint8Array, secrecy?: 'secret'): Promise<void>;
  /** The first write wins. False if the key existed already: then nothing changes. */
  create(key: string, bytes: Uint8Array): Promise<boolean>;
  get(key: string): Promise<Buffer | null>;
  /** A piece of an object. Shorter if the object ends before. */
  getRange(key: string, range: ByteRange): Promise<Buffer | null>;
  /** Every key below a folder, in no promised order. */
  list(folder: string): Promise<string[]>;
  /** Removes a key, and every key below it as a folder. It is no error if there are none. */
  remove(path: string): Promise<void>;
  /** The installation in the marker. Null if there is no marker. */
  owner(): Promise<string | null>;
  /** Writes the marker if there is none, and returns the installation in it now. If that is this one, it is served. */
  claim(installation: string): Promise<string>;
  /** Serves this installation from now on, and only while the marker names it. Null: no installation. */
  serve(installation: string | null): void;
  /** Rejects if the marker does not name the installation. Cheap enough for every request. */
  verify(): Promise<void>;
  /** Rejects if the backend cannot serve, or takes no writes. */
  check(): Promise<void>;
  close(): Promise<void>;
}
