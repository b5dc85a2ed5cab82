import { gunzipSync, gzipSync } from 'node:zlib';
import { expectedHints, type JobDescription, refOf } from '@linkhaul/jobs';
import { type Backend, MissingObject, paths, rowsOfLines, type StoredRowPart } from '@linkhaul/storage';
import type { Services } from '../services.js';

type ExpectingServices = Pick<Services, 'storage' | 'reuse' | 'calls'>;

type ReusingJob = JobDescription & { readonly max_age: string };

/**
 * The targets of a job that have stored answers, as positions among its distinct targets, grouped by answer. They get calls of
 * their own, which cost nothing if the answers still exist, and are bought like any other call if not. The first finding is kept,
 * because planning again must give the same plan.
 */
export async function expectedCopies(
  description: ReusingJob,
  rows: AsyncIterable<StoredRowPart>,
  services: ExpectingServices,
): Promise<Int32Array> {
  const { storage } = services;
  const path = paths.expectedCopies(refOf(description));
  const known = await storage.get(path);
  if (known !== null) return decode(known);
  await storage.create(path, encode(await search(description, rows, services)));
  return readKept(storage, path);
}

async function readKept(storage: Backend, path: string): Promise<Int32Array> {
  const stored = await storage.get(path);
  if (stored === null) throw new MissingObject(path);
  return decode(stored);
}

interface Place {
  readonly position: number;
  readonly job: string;
  readonly call: number;
}

async function search(
  asking: ReusingJob,
  parts: AsyncIterable<StoredRowPart>,
  services: ExpectingServices,
): Promise<Int32Array> {
  const hintsOf = await expectedHints(asking, services);
  const found: Place[] = [];
  let first = 0;
  for await (const { lines } of parts) {
    const targets = rowsOfLines(lines).flatMap(({ target, duplicateOf }) => (duplicateOf === null ? target : []));
    const hints = await hintsOf(targets);
    hints.forEach((hint, at) => {
      if (hint !== null) found.push({ position: first + at, job: hint.job.id, call: hint.call });
    });
    first += targets.length;
  }
  found.sort((a, b) => (a.job < b.job ? -1 : a.job > b.job ? 1 : a.call - b.call || a.position - b.position));
  return Int32Array.from(found, (place) => place.position);
}

function encode(positions: Int32Array): Buffer {
  return gzipSync(Buffer.from(positions.buffer, positions.byteOffset, positions.byteLength));
}

function decode(bytes: Buffer): Int32Array {
  const unpacked = new Uint8Array(gunzipSync(bytes));
  return new Int32Array(unpacked.buffer, 0, unpacked.length / Int32Array.BYTES_PER_ELEMENT);
}
