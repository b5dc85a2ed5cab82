/** A range of an object's bytes; `to` is exclusive. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Where bytes are kept. Keys are paths of `/`-separated safe names; objects are small enough to hold in memory
 * (a part of rows, a part of a plan, one answer), and large ones can be read a piece at a time. Every write is whole or not there at all. Whatever cannot be done
 * rejects with `StorageAway`.
 *
 * A marker names the installation whose bytes these are, so that a mount that is missing does not pass for an empty
 * storage. Before `claim` or `serve` has said for whom, nothing is written, and nothing is said to be absent.
 */
export interface Backend {
  /** Writes or replaces. A secret can be read by the service's user alone, where the backend has users. */
  put(key: string, bytes: Uint8Array, secrecy?: 'secret'): Promise<void>;
  /** First write wins: false when the key was there already, and then nothing changes. */
  create(key: string, bytes: Uint8Array): Promise<boolean>;
  get(key: string): Promise<Buffer | null>;
  /** A piece of an object; less at its end. */
  getRange(key: string, range: ByteRange): Promise<Buffer | null>;
  /** Every key below a folder, in no promised order. */
  list(folder: string): Promise<string[]>;
  /** Removes a key, and every key below it as a folder; nothing there is no error. */
  remove(path: string): Promise<void>;
  /** The installation in the marker; null where there is no marker. */
  owner(): Promise<string | null>;
  /** Writes the marker where there is none: first write wins. The installation in the marker now; if it is this one, it is served. */
  claim(installation: string): Promise<string>;
  /** Serves this installation from now on, and only where the marker names it; null: nobody. */
  serve(installation: string | null): void;
  /** Rejects where the marker does not name the installation. Cheap enough for every request. */
  verify(): Promise<void>;
  /** Rejects when the backend cannot serve, or takes no writes. */
  check(): Promise<void>;
  close(): Promise<void>;
}
