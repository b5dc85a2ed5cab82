import { badInput } from '../failure.js';
import { printable } from '../render/printable.js';

export const LIST_FORMATS = ['text', 'csv', 'ndjson'] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

/** What a file's name says of its form; a target a line unless it says otherwise. */
export function formatOfName(name: string): ListFormat {
  const ending = /\.([a-z]+)(?:\.gz)?$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === 'csv') return 'csv';
  if (ending === 'ndjson' || ending === 'jsonl') return 'ndjson';
  if (ending === 'json') {
    const shown = printable(name);
    throw badInput(
      `${shown}: JSON lists are sent as NDJSON, a target a line: jq -c '.[]' ${shown} | linkhaul … - --format ndjson`,
    );
  }
  return 'text';
}

/** Whether bytes are gzipped already, by the first two of them. */
export function isGzipped(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}
