import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PartHead, partHead } from './part.js';
import type { ImportOptions } from './source.js';

/** Raised with each change of what is read from a source: its part is then made again. */
export const EXTRACTOR = 4;

/** The head of a part that need not be made again; null where there is none, or one of other options or of an older extractor. */
export async function partThere(
  { folder, options }: { readonly folder: string; readonly options: ImportOptions },
  name: string,
): Promise<PartHead | null> {
  const text = await readFile(join(folder, `${name}.json`), 'utf8').catch(() => null);
  if (text === null) return null;
  const { data } = partHead.safeParse(parsed(text));
  if (data === undefined || data.extractor !== EXTRACTOR) return null;
  const { internal, only } = optionsOfHead(options);
  return data.options.internal === internal && data.options.only === only ? data : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The options as a head keeps them: a list of domains may be long, so its checksum stands for it. */
export function optionsOfHead({ internal, only }: ImportOptions): PartHead['options'] {
  return { internal, only: only === null ? null : sha256Of(only.toSorted().join('\n')) };
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(bytes);
  return hash.digest('hex');
}
