import type { FileHandle } from 'node:fs/promises';

const WINDOW = 1024 * 1024;
const NONE: Buffer = Buffer.alloc(0);

/** A file, or a stretch of one, that is read at any place. Places count from the start of the stretch. */
export interface FileBytes {
  readonly size: number;
  /** The bytes from a place on: at least a few, or none at the end. They are valid until the next call. */
  at(place: number): Promise<Buffer>;
  /** As many bytes from a place on as are read at once. */
  most(place: number): Promise<Buffer>;
}

/** Keeps what was read last, because the members of an archive are much shorter than what is read at once. */
export function fileBytes(file: FileHandle, stretch: { readonly start: number; readonly size: number }): FileBytes {
  let from = 0;
  let held = NONE;
  const most = async (place: number) => {
    const length = Math.max(0, Math.min(WINDOW, stretch.size - place));
    // A new buffer each time: what was handed out before may still be in use.
    const buffer = Buffer.allocUnsafe(length);
    const { bytesRead } = await file.read(buffer, 0, length, stretch.start + place);
    from = place;
    held = buffer.subarray(0, bytesRead);
    return held;
  };
  return {
    size: stretch.size,
    most,
    at: async (place) => {
      const isHeld = place >= from && place < from + held.length;
      return isHeld ? held.subarray(place - from) : most(place);
    },
  };
}
