import { type DownloadChoice, downloadPath, fileName } from './download-choice.js';

interface Service {
  /** `http://127.0.0.1:8080` */
  readonly origin: string;
  readonly needsKey: boolean;
}

/** Writes the file to the current folder. If the service refuses, it fails and writes nothing. */
export function curlCommand(choice: DownloadChoice, { origin, needsKey }: Service): string {
  const key = needsKey ? ` \\\n  -H "Authorization: Bearer $LINKHAUL_API_KEY"` : '';
  return `curl --fail --compressed -o ${fileName(choice)}${key} \\\n  '${origin}${downloadPath(choice)}'`;
}

/** Needs nothing but Python. */
export function pythonLines(choice: DownloadChoice, { origin, needsKey }: Service): string {
  const address = `"${origin}${downloadPath(choice)}"`;
  const key = `\n    headers={"Authorization": "Bearer " + os.environ["LINKHAUL_API_KEY"]},\n`;
  const request = needsKey ? `urllib.request.Request(\n    ${address},${key})` : `urllib.request.Request(${address})`;
  const modules = [...PYTHON_MODULES[choice.form], ...(needsKey ? ['os'] : []), 'urllib.request'].sort();
  return [
    `import ${modules.join(', ')}`,
    '',
    `request = ${request}`,
    'with urllib.request.urlopen(request) as answer:',
    ...pythonBody(choice),
  ].join('\n');
}

/** For DuckDB, run in the folder with the downloaded file. */
export function sqlLines(choice: DownloadChoice): string {
  const file = `'${fileName(choice)}'`;
  switch (choice.form) {
    case 'parquet':
      return `SELECT status, count(*) AS lines FROM read_parquet(${file}) GROUP BY status;`;
    case 'ndjson':
      return ndjsonSql(choice, file);
    default:
      return `SELECT status, count(*) AS lines
FROM read_csv(${file}, header = true, quote = '"', escape = '"', allow_quoted_nulls = false)
GROUP BY status;`;
  }
}

const PYTHON_MODULES = {
  ndjson: ['json'],
  csv: ['csv', 'io'],
  spreadsheet: ['csv', 'io'],
  parquet: ['shutil'],
} as const;

function pythonBody(choice: DownloadChoice): string[] {
  const { form } = choice;
  if (form === 'parquet') {
    return [`    with open("${fileName(choice)}", "wb") as file:`, '        shutil.copyfileobj(answer, file)'];
  }
  if (form === 'ndjson') {
    return [
      '    for text in answer:',
      '        line = json.loads(text)',
      '        print(line["target"], line["status"])',
    ];
  }
  // A file for spreadsheets begins with a byte order mark.
  const encoding = form === 'spreadsheet' ? 'utf-8-sig' : 'utf-8';
  return [
    `    for line in csv.DictReader(io.TextIOWrapper(answer, "${encoding}", newline="")):`,
    '        print(line["target"], line["status"])',
  ];
}

/** The types are given, so that DuckDB does not guess them from the first lines. */
function ndjsonSql({ listing }: DownloadChoice, file: string): string {
  const columns = NDJSON_COLUMNS[listing].map(([name, type]) => `${name}: '${type}'`).join(', ');
  const example = listing === 'results' ? 'target, status, data' : 'target, status, items, cost_usd';
  return `SELECT ${example}
FROM read_ndjson(${file}, columns = { ${columns} })
LIMIT 20;`;
}

const OF_BOTH = [
  ['line', 'BIGINT'],
  ['input', 'VARCHAR'],
  ['id', 'VARCHAR'],
  ['target', 'VARCHAR'],
  ['status', 'VARCHAR'],
  ['duplicate_of', 'BIGINT'],
  ['call', 'BIGINT'],
  ['fetched_at', 'TIMESTAMP'],
  ['error', 'JSON'],
] as const;

const NDJSON_COLUMNS = {
  results: [...OF_BOTH, ['position', 'BIGINT'], ['source', 'VARCHAR'], ['data', 'JSON']],
  rows: [
    ...OF_BOTH,
    ['target_kind', 'VARCHAR'],
    ['items', 'BIGINT'],
    ['total_count', 'BIGINT'],
    ['truncated', 'VARCHAR'],
    ['cost_usd', 'DOUBLE'],
  ],
} as const;
