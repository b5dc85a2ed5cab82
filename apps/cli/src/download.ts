import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { badInput } from './failure.js';
import { unwritten } from './output.js';
import { formatBytes } from './render/figures.js';
import { printable } from './render/printable.js';
import { say, type Terminal } from './terminal.js';

type Body = ReadableStream<Uint8Array>;

/** Writes an answer's bytes as they come to a file, whole or not at all, or to standard output. */
export async function download(body: Body, out: string | undefined, terminal: Terminal): Promise<void> {
  if (out === undefined || out === '-') {
    await copy(body, terminal.stdout, terminal);
    return;
  }
  try {
    const bytes = (await isSpecial(out)) ? await write(body, out, terminal) : await replace(body, out, terminal);
    say(terminal, `${formatBytes(bytes)} in ${printable(out)}`);
  } catch (error) {
    if (!isOfFile(error)) throw error;
    const failure = unwritten(printable(out), error);
    // A file that cannot be made was named wrongly; one that cannot be filled was not.
    throw error.syscall === 'open' ? badInput(failure.message) : failure;
  }
}

/** A download that breaks off must not pass for a whole one, nor take the place of an earlier one. */
async function replace(body: Body, out: string, terminal: Terminal): Promise<number> {
  const part = `${out}.${randomBytes(4).toString('hex')}.part`;
  try {
    const bytes = await write(body, part, terminal);
    await rename(part, out);
    return bytes;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function write(body: Body, path: string, terminal: Terminal): Promise<number> {
  const file = createWriteStream(path);
  await once(file, 'open');
  const bytes = await copy(body, file, terminal);
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
async function copy(body: Body, target: Writable, { interrupted }: Terminal): Promise<number> {
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  await pipeline(counted, target, { signal: interrupted, end: false });
  return bytes;
}

function isOfFile(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
