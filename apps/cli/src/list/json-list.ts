import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { GzipFault, gunzipped } from '@linkhaul/runtime/gunzip';
import { badInput } from '../failure.js';
import { printable } from '../render/printable.js';
import type { ListSource } from './source.js';

/** A JSON list is read into memory. Larger lists need NDJSON, which is streamed. */
const MOST_BYTES = 256 * 1024 * 1024;
/** How much of a compressed list is decompressed at once. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Turns a JSON array of targets, or an object that has one as `targets`, into NDJSON with one element per line, so that an
 * element's place in the array is its line number. The service checks the elements.
 */
export async function jsonAsLines(source: ListSource, name: string): Promise<ListSource> {
  const shown = printable(name);
  const targets = targetsOf(await parsed(source, shown));
  if (targets === null)
    throw badInput(`${shown} has no JSON array of targets: if the file is something else, say so with --format.`);
  const text = targets.map((target) => `${JSON.stringify(target)}\n`).join('');
  const bytes = Buffer.from(text);
  return { chunks: Readable.from([bytes]), gzipped: false, size: bytes.length };
}

async function parsed({ chunks, gzipped }: ListSource, shown: string): Promise<unknown> {
  const plain = gzipped ? unzipped(chunks, shown) : chunks;
  const text = decoded(await buffer(Readable.from(upTo(plain, shown))), shown);
  try {
    return JSON.parse(text);
  } catch {
    throw badInput(`${shown} is not valid JSON: --format ndjson is for one value per line.`);
  }
}

/** The text without its byte order mark, by which UTF-16 is recognised: PowerShell writes it. */
function decoded(bytes: Buffer, shown: string): string {
  const mark = bytes.toString('hex', 0, 2);
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw badInput(`${shown} holds bytes that are not ${encoding}: convert it to UTF-8.`);
  }
}

async function* unzipped(packed: AsyncIterable<Uint8Array>, shown: string): AsyncGenerator<Uint8Array> {
  try {
    yield* gunzipped(packed[Symbol.asyncIterator](), CHUNK_BYTES);
  } catch (error) {
    if (error instanceof GzipFault) throw badInput(`${shown} is not a complete gzip file: compress it again.`);
    throw error;
  }
}

async function* upTo(chunks: AsyncIterable<Uint8Array>, shown: string): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw badInput(`${shown} is too large for JSON: make it NDJSON, jq -c '.[]' ${shown}.`);
    yield chunk;
  }
}

function targetsOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null || !('targets' in value)) return null;
  const { targets, ...fields } = value;
  const [lost] = Object.keys(fields);
  if (lost !== undefined)
    throw badInput(`The JSON holds \`${printable(lost)}\` beside its targets: give it as an option.`);
  return Array.isArray(targets) ? targets : null;
}
