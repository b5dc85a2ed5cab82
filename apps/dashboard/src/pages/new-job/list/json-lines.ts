import type { Source } from '../new-job-state.js';

/** A JSON list is read into memory. Larger lists must be NDJSON, which is sent unchanged. */
const MOST_BYTES = 100_000_000;

/** Turns a JSON array of targets, or an object with one as `targets`, into one element per line; null for any other text. */
export function jsonAsLines(text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null;
  const targets = targetsOf(parsed(text));
  return targets === null ? null : targets.map((target) => `${JSON.stringify(target)}\n`).join('');
}

/** The list of a JSON file, as NDJSON. Other files stay as they are, as do JSON files that are too large or hold no list. */
export async function fileAsLines(file: File): Promise<Source> {
  const { name } = file;
  const isRead = /\.json(\.gz)?$/i.test(name) && file.size <= MOST_BYTES;
  const lines = isRead ? jsonAsLines(await textOf(file)) : null;
  return { list: lines === null ? file : new Blob([lines]), name };
}

async function textOf(file: File): Promise<string> {
  if (!file.name.toLowerCase().endsWith('.gz')) return file.text();
  const plain = file.stream().pipeThrough(new DecompressionStream('gzip'));
  // An incomplete file is sent as it is: the service says what is wrong with it.
  return new Response(plain).text().catch(() => '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function targetsOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null || !('targets' in value)) return null;
  return Array.isArray(value.targets) ? value.targets : null;
}
