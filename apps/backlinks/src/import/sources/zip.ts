import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

/** A file within a ZIP file. */
interface ZipMember {
  readonly name: string;
  readonly path: string;
  readonly file: FileHandle;
  readonly start: number;
  readonly size: number;
}

interface ZipReading {
  /** Called with each file that may hold links. */
  readonly onMember: (member: ZipMember) => Promise<void>;
  /** Called with each that cannot be read. */
  readonly onRefused: (name: string, why: string) => void;
}

/** What holds links: archives, and tables. All else in WACZ is about them. */
const WANTED = /\.(?:warc|wat|csv|tsv)(?:\.gz)?$/i;

/** Goes through a ZIP file; answers why it cannot be read, or null. */
export async function readZip(path: string, file: FileHandle, reading: ZipReading): Promise<string | null> {
  const zip = await openPromise(path, { autoClose: false }).catch(() => null);
  if (zip === null) return 'is a ZIP file that is damaged or cut off';
  try {
    let wanted = 0;
    let isSpreadsheet = false;
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.startsWith('xl/')) isSpreadsheet = true;
      if (!WANTED.test(entry.fileName)) continue;
      wanted++;
      if (entry.isEncrypted()) reading.onRefused(entry.fileName, 'is encrypted');
      else await readEntry({ zip, path, file }, entry, reading);
    }
    if (wanted > 0) return null;
    return isSpreadsheet ? 'is a spreadsheet: save it as CSV' : 'is a ZIP file without archives and tables in it';
  } catch (error) {
    return `is a ZIP file that is damaged: ${error instanceof Error ? error.message : error}`;
  } finally {
    zip.close();
  }
}

interface Opened {
  readonly zip: ZipFile;
  readonly path: string;
  readonly file: FileHandle;
}

/** In WACZ, archives are stored as they are, and are read where they lie. What is compressed is unpacked beside them first. */
async function readEntry({ zip, path, file }: Opened, entry: Entry, reading: ZipReading): Promise<void> {
  const name = entry.fileName;
  if (entry.compressionMethod === 0) {
    const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    return reading.onMember({ name, path, file, start, size: entry.uncompressedSize });
  }
  if (!entry.canDecodeFileData()) return reading.onRefused(name, 'is packed in a way that cannot be read');
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-graph-'));
  const unpacked = join(folder, 'file');
  try {
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(unpacked));
    const handle = await open(unpacked);
    try {
      const { size } = await handle.stat();
      await reading.onMember({ name, path: unpacked, file: handle, start: 0, size });
    } finally {
      await handle.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
