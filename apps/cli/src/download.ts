import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LinkhaulUnreachable } from '@linkhaul/client/service';
import { badInput } from './failure.js';
import { formatBytes } from './render/figures.js';
import { printable } from './render/printable.js';
import { say, type Terminal } from './terminal.js';

/** Writes an answer's bytes as they come to a file, whole or not at all, or to standard output. */
export async function download(response: Response, out: string | undefined, terminal: Terminal): Promise<void> {
  if (out === undefined || out === '-') {
    await copy(response, terminal.stdout, terminal);
    return;
  }
  try {
    const bytes = (await isSpecial(out))
      ? await write(response, out, terminal)
      : await replace(response, out, terminal);
    say(terminal, `${formatBytes(bytes)} in ${printable(out)}`);
  } catch (error) {
    throw isOfFile(error) ? badInput(`${printable(out)} cannot be written: ${error.message}.`) : error;
  }
}

/** A download that breaks off must not pass for a whole one, nor take the place of an earlier one. */
async function replace(response: Response, out: string, terminal: Terminal): Promise<number> {
  const part = `${out}.${randomBytes(4).toString('hex')}.part`;
  try {
    const bytes = await write(response, part, terminal);
    await rename(part, out);
    return bytes;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function write(response: Response, path: string, terminal: Terminal): Promise<number> {
  const file = createWriteStream(path);
  await once(file, 'open');
  const bytes = await copy(response, file, terminal);
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
async function copy(response: Response, target: Writable, { interrupted }: Terminal): Promise<number> {
  let bytes = 0;
  if (response.body === null) return bytes;
  async function* counted(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  const body = Readable.from(received(response));
  await pipeline(body, counted, target, { signal: interrupted, end: false });
  return bytes;
}

/** A connection that breaks is told from a disk that is full. */
async function* received({ body, url }: Response): AsyncGenerator<Uint8Array> {
  const chunks = body?.[Symbol.asyncIterator]();
  if (chunks === undefined) return;
  for (;;) {
    const next = await chunks.next().catch((error: unknown) => {
      throw new LinkhaulUnreachable(url, error);
    });
    if (next.done) return;
    yield next.value;
  }
}

function isOfFile(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
