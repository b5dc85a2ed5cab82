import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { badInput } from './failure.js';
import { unwritten } from './output.js';
import { formatBytes } from './render/figures.js';
import { printable } from './render/printable.js';
import { say, type Terminal } from './terminal.js';

type Body = AsyncIterable<Uint8Array>;

/** Where an answer goes: a file, or standard output. */
export interface Place {
  readonly out: string | undefined;
  /** Packed on the way. */
  readonly gzip: boolean;
}

/** Writes an answer's bytes as they come to a file, whole or not at all, or to standard output. */
export async function download(body: Body, { out, gzip }: Place, terminal: Terminal): Promise<void> {
  if (out === undefined || out === '-') {
    await copy({ body, gzip }, terminal.stdout, terminal);
    return;
  }
  try {
    const made = { body, gzip };
    const bytes = (await isSpecial(out)) ? await write(made, out, terminal) : await replace(made, out, terminal);
    say(terminal, `${formatBytes(bytes)} in ${printable(out)}`);
  } catch (error) {
    if (!isOfFile(error)) throw error;
    const failure = unwritten(printable(out), error);
    // A file that cannot be made was named wrongly; one that cannot be filled was not.
    throw error.syscall === 'open' ? badInput(failure.message) : failure;
  }
}

interface Made {
  readonly body: Body;
  readonly gzip: boolean;
}

/** A download that breaks off must not pass for a whole one, nor take the place of an earlier one. */
async function replace(made: Made, out: string, terminal: Terminal): Promise<number> {
  const part = `${out}.${randomBytes(4).toString('hex')}.part`;
  try {
    const bytes = await write(made, part, terminal);
    await rename(part, out);
    return bytes;
  } catch (error) {
    // What went wrong first is what is said.
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function write(made: Made, path: string, terminal: Terminal): Promise<number> {
  const file = createWriteStream(path);
  await once(file, 'open');
  const bytes = await copy(made, file, terminal);
  file.end();
  await once(file, 'close');
  return bytes;
}

/** A device or a named pipe is written to, not replaced. */
async function isSpecial(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  return stats !== null && !stats.isFile();
}

/** The target is left open: standard output is not ours to end. */
async function copy({ body, gzip }: Made, target: Writable, { interrupted }: Terminal): Promise<number> {
  let bytes = 0;
  async function* counted(chunks: Body): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  const options = { signal: interrupted, end: false };
  await (gzip ? pipeline(body, createGzip(), counted, target, options) : pipeline(body, counted, target, options));
  return bytes;
}

function isOfFile(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
