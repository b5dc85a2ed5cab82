import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants, deflateRawSync, gunzipSync, inflateRawSync } from 'node:zlib';
import { type Backend, parseStorageUrl, paths } from '@linkhaul/storage';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slowTries } from '../../../e2e/env.js';
import { downloadOf } from '../src/results/download-bytes.js';
import type { Piece } from '../src/results/forms.js';
import { checksumOf, gzipHeader, gzipTrailer, NOTHING } from '../src/results/gzip.js';
import { findStored, type Place, type Stored, writeStored } from '../src/results/stored.js';

const job = { tenant: 'local', id: 'job_1' };
let folder: string;
let storage: Backend;
let runs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-stored-'));
  storage =
    parseStorageUrl(pathToFileURL(folder).href)?.open({ address: { kind: 'server', url: '' }, prefix: '' }) ??
    expect.fail();
  await storage.claim('inst_test');
});
afterAll(() => rm(folder, { recursive: true }));

/** Nothing is there yet. */
function newPlace(gzip: boolean): Place {
  const at = { job, run: ++runs, damaged: 0, version: 1, name: 'ndjson', extension: gzip ? 'ndjson.gz' : 'parquet' };
  return { at, gzip, storage, isCurrent: async () => true };
}

const textOf = (lines: number, from = 0) =>
  Array.from({ length: lines }, (_, at) => `{"line":${from + at}}\n`).join('');

/** This number of lines, in pieces of a thousand. */
async function* piecesOf(lines: number): AsyncGenerator<Piece> {
  for (let from = 0; from < lines; from += 1000) {
    const some = Math.min(1000, lines - from);
    yield { bytes: Buffer.from(textOf(some, from)), lines: some };
  }
}

async function write(lines: number, place: Place): Promise<Stored> {
  const pieces = writeStored(piecesOf(lines), place);
  for (;;) {
    const next = await pieces.next();
    if (next.done) return next.value ?? expect.fail('the results became others');
  }
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

const contentOf = async (stored: Stored) =>
  Promise.all(stored.files.map(async ({ path }) => gunzipSync((await storage.get(path)) ?? '').toString()));

describe('stored results', () => {
  it('stand in files of a bounded number of lines, each a gzip file of its own', async () => {
    const stored = await write(250_500, newPlace(true));
    expect(stored.files.map(({ lines }) => lines)).toEqual([100_000, 100_000, 50_500]);
    expect((await contentOf(stored)).join('')).toBe(textOf(250_500));
  });

  it('are given as one gzip member, or as they are, from any place to any other', async () => {
    const text = Buffer.from(textOf(201_000));
    for (const gzip of [true, false]) {
      const stored = await write(201_000, newPlace(gzip));
      for (const asGzip of [true, false]) {
        const download = downloadOf(stored, { asGzip, storage });
        const whole = await readAll(download.read(0, download.length));
        expect(whole.length).toBe(download.length);
        const content = gzip && asGzip ? inflateRawSync(whole.subarray(10)) : whole;
        expect(content.equals(text)).toBe(true);
        if (gzip && asGzip) expect(gunzipSync(whole).equals(text)).toBe(true);
        const place = fc.integer({ min: 0, max: download.length });
        await fc.assert(
          fc.asyncProperty(place, place, async (one, other) => {
            const [from, to] = [Math.min(one, other), Math.max(one, other)];
            expect((await readAll(download.read(from, to))).equals(whole.subarray(from, to))).toBe(true);
          }),
          { numRuns: slowTries(20) },
        );
      }
    }
  });

  it('of nothing are nothing', async () => {
    const stored = await write(0, newPlace(true));
    expect(stored.files).toEqual([]);
    const packed = downloadOf(stored, { asGzip: true, storage });
    expect(gunzipSync(await readAll(packed.read(0, packed.length)))).toHaveLength(0);
    expect(downloadOf(stored, { asGzip: false, storage }).length).toBe(0);
  });

  it('are there whole or not at all, wherever their writing was cut', async () => {
    const whole = await write(250_000, newPlace(true));
    for (const cutAfter of [1, 101, 250]) {
      const place = newPlace(true);
      const pieces = writeStored(piecesOf(250_000), place);
      for (let piece = 0; piece < cutAfter; piece++) await pieces.next();
      await pieces.return({ files: [], gzip: true, checksum: { crc32: 0, bytes: 0 } });
      expect(await findStored(place)).toBeNull();
      const stored = await write(250_000, place);
      expect(stored.files.map(({ sha256 }) => sha256)).toEqual(whole.files.map(({ sha256 }) => sha256));
      expect(await findStored(place)).toEqual(stored);
      const [once, twice] = await Promise.all([write(250_000, place), write(250_000, place)]);
      expect([once, twice]).toEqual([stored, stored]);
    }
  });

  it('are what was written first, by whatever zlib', async () => {
    const place = newPlace(true);
    const text = Buffer.from(textOf(100_000));
    const blocks = deflateRawSync(text, { level: 9, finishFlush: constants.Z_SYNC_FLUSH });
    const first = Buffer.concat([gzipHeader(), blocks, gzipTrailer(checksumOf(text, NOTHING))]);
    await storage.create(paths.resultFile(place.at, 0), first);
    const stored = await write(150_000, place);
    expect(stored.files[0]?.bytes).toBe(first.length);
    expect((await contentOf(stored)).join('')).toBe(textOf(150_000));
    const download = downloadOf(stored, { asGzip: true, storage });
    expect(gunzipSync(await readAll(download.read(0, download.length))).toString()).toBe(textOf(150_000));
  });
});
