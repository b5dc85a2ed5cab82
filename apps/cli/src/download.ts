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

/** Where the answer is written: a file, or standard output if `out` is undefined or `-`. */
export interface Place {
  readonly out: string | undefined;
  /** True: the answer is compressed while it is written. */
  readonly gzip: boolean;
}

/** Streams an answer to standard output, or to a file that is written entirely or not at all. */
export async function download(body: Body, { out, gzip }: Place, terminal: Terminal): Promise<void> {
  if (out === undefined || out === '-') {
    await copy({ body, gzip }, terminal.stdout, terminal);
    return;
  }
  try {
    const content = { body, gzip };
    const bytes = (await isSpecial(out)) ? await write(content, out, terminal) : await replace(content, out, terminal);
    say(terminal, `${formatBytes(bytes)} in ${printable(out)}`);
  } catch (error) {
    if (!isOfFile(error)) throw error;
    const failure = unwritten(printable(out), error);
    // If the file cannot be created, the user has named it wrongly. A full disk is not the user's mistake.
    throw error.syscall === 'open' ? badInput(failure.message) : failure;
  }
}

interface Content {
  readonly body: Body;
  readonly gzip: boolean;
}

/** Writes to a temporary file first, so that a download that breaks off neither looks complete nor replaces an earlier file. */
async function replace(content: Content, out: string, terminal: Terminal): Promise<number> {
  const part = `${out}.${randomBytes(4).toString('hex')}.part`;
  try {
    const bytes = await write(content, part, terminal);
    await rename(part, out);
    return bytes;
  } catch (error) {
    // The first error is the one to report.
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function write(content: Content, path: string, terminal: Terminal): Promise<number> {
  const file = createWriteStream(path);
  await once(file, 'open');
  const bytes = await copy(content, file, terminal);
  file.end();
  await once(file, 'close');
  return bytes;
}

/** Whether the path is a device or a named pipe, which is written to and not replaced. */
async function isSpecial(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  return stats !== null && !stats.isFile();
}

/** Returns the number of bytes. Leaves the target open, since standard output must not be closed. */
async function copy({ body, gzip }: Content, target: Writable, { interrupted }: Terminal): Promise<number> {
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
