import { open } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { GZIP_TELLS, isGzip } from '@linkhaul/schemas';
import { badInput } from '../failure.js';
import { fileReason } from '../file-reasons.js';
import { printable } from '../render/printable.js';
import { say, type Terminal } from '../terminal.js';

/** The bytes of a list from a file or standard input. */
export interface ListSource {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** True if the bytes are gzip. */
  readonly gzipped: boolean;
  /** The number of bytes; null for a pipe. */
  readonly size: number | null;
}

/** Opens `FILE` or `-` and reads its first bytes. Throws `CliFailure` for a file that cannot be read. */
export async function openList(file: string, terminal: Terminal): Promise<ListSource> {
  const { stream, size } = file === '-' ? standardInput(terminal) : await openFile(file);
  // Otherwise Ctrl-C would wait for the end of a typed list, or of a stalled pipe.
  addAbortSignal(terminal.interrupted, stream);
  const name = file === '-' ? 'Standard input' : printable(file);
  const chunks = chunksOf(stream);
  const next = async () => {
    try {
      return await chunks.next();
    } catch (error) {
      if (terminal.interrupted.aborted) throw error;
      throw badInput(`${name} cannot be read: ${fileReason(error)}.`);
    }
  };
  const first = await firstBytes(next);
  async function* all(): AsyncGenerator<Uint8Array> {
    if (first.length > 0) yield first;
    for (let chunk = await next(); !chunk.done; chunk = await next()) yield chunk.value;
  }
  return { chunks: all(), gzipped: isGzip(first), size };
}

interface Opened {
  readonly stream: Readable;
  readonly size: number | null;
}

function standardInput(terminal: Terminal): Opened {
  if (terminal.stdinIsTTY) say(terminal, 'One target per line; Ctrl-D ends the list.');
  return { stream: terminal.stdin, size: null };
}

async function openFile(path: string): Promise<Opened> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw badInput(`${printable(path)} cannot be read: ${fileReason(error)}.`);
  });
  const stats = await handle.stat();
  if (stats.isDirectory()) {
    await handle.close();
    throw badInput(`${printable(path)} is a folder: name a file, or - for standard input.`);
  }
  return { stream: handle.createReadStream(), size: stats.isFile() ? stats.size : null };
}

async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield Buffer.from(chunk);
}

/** Enough bytes to recognise gzip, or all of a shorter list. A pipe may give one byte at a time. */
async function firstBytes(next: () => Promise<IteratorResult<Uint8Array>>): Promise<Uint8Array> {
  let first = Buffer.alloc(0);
  while (first.length < GZIP_TELLS) {
    const chunk = await next();
    if (chunk.done) return first;
    first = Buffer.concat([first, chunk.value]);
  }
  return first;
}
