import { createReadStream, type ReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { fileBytes } from './archive/file-bytes.js';
import { readArchive } from './archive/read-archive.js';
import type { TableFile } from './exports/lines.js';
import { readTable, siteOf } from './exports/read-table.js';
import type { Read, Reading } from './source.js';
import { type Recognised, recognise } from './sources/recognise.js';
import { readZip } from './sources/zip.js';

/** A file that is open, or a stretch of one. */
export interface Opened {
  readonly path: string;
  readonly name: string;
  readonly file: FileHandle;
  readonly start: number;
  readonly size: number;
}

/** Reads a source in the form that it has. */
export async function readSource(opened: Opened, reading: Reading): Promise<Read> {
  const bytes = fileBytes(opened.file, opened);
  const recognised = await recognise(bytes, basename(opened.name));
  switch (recognised.kind) {
    case 'none':
      return { ok: false, why: recognised.why };
    case 'archive':
      return readArchive(bytes, reading);
    case 'table':
      return readTable(tableFile(opened, recognised), reading);
    case 'webgraph':
      return { ok: false, why: 'is a file of a web graph, which is read where it lies alone' };
    case 'zip':
      return readZipped(opened, reading);
  }
}

/** WACZ is a ZIP file of archives. Tools hand out exports in ZIP files, too. */
async function readZipped({ path, file }: Opened, reading: Reading): Promise<Read> {
  const reads: Read[] = [];
  const why = await readZip(path, file, {
    onMember: async (member) => {
      const read = await readSource(member, reading);
      if (!read.ok) reading.leftOut.add('zipped_file', 0, `${member.name} ${read.why}`);
      reads.push(read);
    },
    onRefused: (name, reason) => {
      reading.leftOut.add('zipped_file', 0, `${name} ${reason}`);
      reads.push({ ok: false, why: `holds ${name}, which ${reason}` });
    },
  });
  if (why !== null) return { ok: false, why };
  const good = reads.filter((read) => read.ok);
  const [first] = good;
  if (first === undefined) return reads[0] ?? { ok: false, why: 'holds nothing' };
  const records = good.reduce((sum, read) => sum + read.records, 0);
  return { ok: true, form: first.form === 'warc' || first.form === 'wat' ? 'wacz' : first.form, records };
}

type OfTable = Extract<Recognised, { kind: 'table' }>;

/** The page that all links of a table lead to, where the name of its file says it. */
export function siteOfTable(opened: Opened, recognised: OfTable): Promise<string | null> {
  return siteOf(tableFile(opened, recognised));
}

function tableFile(opened: Opened, { encoding, separator, isGzip }: OfTable): TableFile {
  return { name: opened.name, encoding, separator, ...opener(opened, isGzip) };
}

function opener({ path, start, size }: Opened, isGzip: boolean) {
  let raw: ReadStream | null = null;
  return {
    open: () => {
      raw = createReadStream(path, { start, end: start + size - 1 });
      if (!isGzip) return raw;
      const unpacked = createGunzip();
      raw.once('error', (error) => unpacked.destroy(error));
      return raw.pipe(unpacked);
    },
    place: () => raw?.bytesRead ?? 0,
  };
}
