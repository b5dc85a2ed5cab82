import type { TextBody, TextListOptions } from '@linkhaul/client/service';
import { percent } from '../render/bar.js';
import { formatBytes } from '../render/figures.js';
import type { Terminal } from '../terminal.js';
import { formatOfName } from './format.js';
import { jsonAsLines } from './json-list.js';
import { type ListValues, readOptions } from './options.js';
import { type ListSource, openList } from './source.js';

interface NamedList {
  readonly file: string;
  readonly values: ListValues;
}

type Send<T> = (body: TextBody, options: TextListOptions) => Promise<T>;

/** Sends a list while it is read. Compresses it, unless it is already gzip. */
export async function upload<T>({ file, values }: NamedList, terminal: Terminal, send: Send<T>): Promise<T> {
  const format = values.format ?? formatOfName(file);
  const form = readOptions(values, format);
  const opened = await openList(file, terminal);
  const source = format === 'json' ? await jsonAsLines(opened, file === '-' ? 'Standard input' : file) : opened;
  const sending = showSending(source, terminal);
  const gzip = source.gzipped ? 'already' : true;
  try {
    return await send(sending.chunks, { ...form, gzip, signal: terminal.interrupted });
  } finally {
    sending.end();
  }
}

const DRAW_EVERY_MS = 100;

/** The list's bytes. On a terminal it shows how many have been sent. */
function showSending({ chunks, size }: ListSource, { screen }: Terminal) {
  let [sent, drawnAt] = [0, 0];
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      yield chunk;
      sent += chunk.length;
      if (!screen.isTTY || performance.now() - drawnAt < DRAW_EVERY_MS) continue;
      drawnAt = performance.now();
      const total = size === null ? '' : ` of ${formatBytes(size)}, ${percent(sent / size)}`;
      screen.write(`\r\u001b[2KSending ${formatBytes(sent)}${total}`.slice(0, screen.columns + 4));
    }
  }
  return { chunks: counted(), end: () => (drawnAt > 0 ? screen.write('\r\u001b[2K') : undefined) };
}
