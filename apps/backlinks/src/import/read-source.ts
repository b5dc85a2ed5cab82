import { createReadStream, type ReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { fileBytes } from './archive/file-bytes.js';
import { readArchive } from './archive/read-archive.js';
import { readTable } from './exports/read-table.js';
import type { Read, Reading } from './source.js';
import type { Recognised } from './sources/recognise.js';

export interface Opened {
  readonly path: string;
  readonly file: FileHandle;
  readonly size: number;
  readonly recognised: Recognised;
}

/** Reads a source in the form that it has. */
export async function readSource({ path, file, size, recognised }: Opened, reading: Reading): Promise<Read> {
  switch (recognised.kind) {
    case 'none':
      return { ok: false, why: recognised.why };
    case 'archive':
      return readArchive(fileBytes(file, { start: 0, size }), reading);
    case 'table':
      return readTable({ ...recognised, name: path, ...opener(path, recognised.isGzip) }, reading);
    case 'zip':
      return { ok: false, why: 'is a ZIP file: unpack it first' };
  }
}

function opener(path: string, isGzip: boolean) {
  let raw: ReadStream | null = null;
  return {
    open: () => {
      raw = createReadStream(path);
      if (!isGzip) return raw;
      const unpacked = createGunzip();
      raw.once('error', (error) => unpacked.destroy(error));
      return raw.pipe(unpacked);
    },
    place: () => raw?.bytesRead ?? 0,
  };
}
