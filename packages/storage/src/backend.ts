/**
 * Where bytes are kept. Keys are paths of `/`-separated safe names; objects are small enough to hold in memory
 * (a part of rows, a part of a plan, one answer). Every write is whole or not there at all.
 */
export interface Backend {
  /** Writes or replaces. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** First write wins: false when the key was there already, and then nothing changes. */
  create(key: string, bytes: Uint8Array): Promise<boolean>;
  get(key: string): Promise<Buffer | null>;
  /** Every key below a folder, in no promised order. */
  list(folder: string): Promise<string[]>;
  /** Removes every key below a folder; nothing there is no error. */
  remove(folder: string): Promise<void>;
  /** Rejects when the backend cannot serve. */
  check(): Promise<void>;
  close(): Promise<void>;
}
