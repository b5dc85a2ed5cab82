export const LIST_FORMATS = ['text', 'csv', 'tsv', 'ndjson', 'json'] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

const BY_ENDING: Readonly<Record<string, ListFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
};

/** The format by a file's ending: `list.csv` and `list.csv.gz` are CSV. Unknown endings: one target per line. */
export function formatOfName(name: string): ListFormat {
  const ending = /\.([a-z]+)(?:\.gz)?$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return BY_ENDING[ending] ?? 'text';
}
