import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileBytes } from './archive/file-bytes.js';
import { countRows } from './counted-rows.js';
import { createLeftOut } from './left-out.js';
import { PART_VERSION, type PartHead } from './part.js';
import { partName } from './part-name.js';
import { checksumOf, EXTRACTOR, optionsOfHead, partThere } from './part-there.js';
import { openPartWriter } from './part-writer.js';
import { type Opened, readSource } from './read-source.js';
import type { ImportOptions } from './source.js';
import { recognise } from './sources/recognise.js';
import { makeWebgraphPart } from './webgraph/make-webgraph-part.js';
import { isShare } from './webgraph/recognise.js';

/** What became of a source. */
export type Made =
  | { readonly ok: true; readonly isNew: boolean; readonly head: PartHead }
  | { readonly ok: false; readonly why: string };

/** How far a part is. */
export interface Step {
  /** Bytes of the source that were read. */
  readonly place: number;
  /** Bytes of HTML that were read. */
  readonly html: number;
  readonly links: number;
}

export interface Making {
  readonly folder: string;
  readonly options: ImportOptions;
  readonly onStep: (step: Step) => void;
}

const SHARE =
  'is one of many files of a web graph, and an edge of one may name vertices of any other: put all vertices into one file, and all edges into another, as by `cat vertices/part-*.gz > cc-main-2025-aug-sep-oct-host-vertices.txt.gz`, and name the file of the edges';
const NO_EDGES = 'lists vertices of a web graph: name the file of its edges, with which they are read';

/** Makes the part of a source, unless it is there: the same source with the same options gives the same part. */
export async function makePart(path: string, making: Making): Promise<Made> {
  const file = await open(path);
  try {
    const { size, mtime } = await file.stat();
    const sha256 = await checksumOf(path);
    const recognised = await recognise(fileBytes(file, { start: 0, size }), basename(path));
    const opened = { path, name: path, file, start: 0, size };
    const name = await partName(opened, recognised, sha256);
    const there = await partThere(making, name);
    if (there !== null) return { ok: true, isNew: false, head: there };
    if (recognised.kind === 'webgraph') {
      if (isShare(path)) return { ok: false, why: SHARE };
      if (recognised.file.kind === 'vertices') return { ok: false, why: NO_EDGES };
      const made = await makeWebgraphPart({ path, file: recognised.file, name, sha256, ...making });
      return made.ok ? { ...made, isNew: true } : made;
    }
    return await write(opened, { ...making, name, sha256, written: mtime });
  } finally {
    await file.close();
  }
}

type Writing = Making & { readonly name: string; readonly sha256: string; readonly written: Date };

async function write(opened: Opened, { folder, options, onStep, name, sha256, written }: Writing): Promise<Made> {
  const writer = await openPartWriter(folder, name);
  const rows = countRows(writer);
  const leftOut = createLeftOut();
  let html = 0;
  try {
    const read = await readSource(opened, {
      rows,
      leftOut,
      options,
      only: options.only === null ? null : new Set(options.only),
      written,
      onRecord: (place, bytes) => {
        html += bytes;
        onStep({ place, html, links: rows.counts.links });
      },
    });
    if (!read.ok) {
      await writer.abandon();
      return read;
    }
    const head: PartHead = {
      version: PART_VERSION,
      source: { file: opened.path, form: read.form, sha256, bytes: opened.size },
      options: optionsOfHead(options),
      extractor: EXTRACTOR,
      counts: { records: read.records, edges: 0, ...rows.counts },
      ...rows.dates(),
      left_out: leftOut.list(),
    };
    await writer.end(head);
    return { ok: true, isNew: true, head };
  } catch (error) {
    await writer.abandon().catch(() => {});
    throw error;
  }
}
