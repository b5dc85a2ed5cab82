import type { DownloadFilter } from '@linkhaul/client/service';
import { ROW_STATUSES } from '@linkhaul/schemas';
import { given } from '../arguments/given.js';
import { decimal, oneOf, option, short, someOf, text, type Values } from '../arguments/option.js';
import { OUT, SPREADSHEET } from '../arguments/shared.js';
import { type Context, defineCommand } from '../command.js';
import { download } from '../download.js';
import { EXIT } from '../exit-codes.js';
import { badInput } from '../failure.js';
import { jsonDocument } from '../json-document.js';
import { ENDPOINT_NAMES } from '../list/options.js';
import { outForm, refuseSpreadsheet } from '../out-form.js';
import { say } from '../terminal.js';

const FORMATS = ['ndjson', 'json', 'csv', 'parquet'] as const;

const OF_TAG = ['endpoint', 'job', 'min-ok'] as const;

const OPTIONS = {
  out: OUT,
  format: option('FORMAT', `${FORMATS.join(', ')}; by default from the file's name, else ndjson`, oneOf(FORMATS)),
  spreadsheet: SPREADSHEET,
  status: option('LIST', `some of ${ROW_STATUSES.join(', ')}, with commas`, someOf(ROW_STATUSES)),
  tag: short('t', option('TAG', "of the tag's latest good job, in place of ID", text)),
  endpoint: short('e', option('NAME', 'with --tag: where the tag has several endpoints', oneOf(ENDPOINT_NAMES))),
  job: option('ID', 'with --tag: of this job of the tag', text),
  'min-ok': option('SHARE', 'with --tag: the least share of ok rows in a good job, from 0 to 1', decimal(1)),
};

type ResultsValues = Values<typeof OPTIONS>;

export const results = defineCommand({
  name: 'results',
  summary: 'Downloads results: of a job, or what a tag answers with.',
  takes: ['[ID]'],
  options: OPTIONS,
  notes: [
    'The form follows the name of FILE: .ndjson, .json, .csv or .parquet. With .gz after it, the file is compressed.',
    'Exit code 3: the job is not finished, these are its results so far.',
    '',
    '  linkhaul results ID -o results.csv',
    '  linkhaul results --tag weekly -o weekly.parquet',
  ],
  async run({ values, args: [id] }, context) {
    const { terminal } = context;
    const { out, format: asked } = values;
    refuseMisplaced(id, values);
    const { format, gzip } = outForm({ out, format: asked, formats: FORMATS, usual: 'ndjson' });
    refuseSpreadsheet(values.spreadsheet, format);
    if (format === 'parquet' && out === undefined && terminal.stdoutIsTTY) {
      throw badInput('Parquet is not for a terminal: name a file with -o.');
    }
    const done = id === undefined || (await isFinished(id, context));
    const body = await open(id, { values, format: format === 'json' ? 'ndjson' : format }, context);
    await download(format === 'json' ? jsonDocument(body, done) : body, { out, gzip }, terminal);
    if (!done) say(terminal, `The job is not finished: these are its results so far. linkhaul watch ${id}`);
    return done ? EXIT.complete : EXIT.partial;
  },
});

function refuseMisplaced(id: string | undefined, values: ResultsValues): void {
  if ((id === undefined) === (values.tag === undefined)) throw badInput('Name a job or a --tag, one of them.');
  const misplaced = values.tag === undefined ? OF_TAG.find((name) => values[name] !== undefined) : undefined;
  if (misplaced !== undefined) throw badInput(`--${misplaced} goes with --tag.`);
}

interface Wanted {
  readonly values: ResultsValues;
  readonly format: DownloadFilter['format'];
}

async function open(id: string | undefined, { values, format }: Wanted, { client, terminal }: Context) {
  const { spreadsheet, status, tag = '', endpoint, job, 'min-ok': minOk } = values;
  const wanted = { format, spreadsheet, ...given({ status }), signal: terminal.interrupted };
  if (id !== undefined) return client.download(id, wanted);
  return (await client.downloadTagResults(tag, { ...wanted, ...given({ endpoint, job, minOk }) })).body;
}

/** Call it before the download: if the job is finished then, the download has all its results. */
async function isFinished(id: string, { client, terminal }: Context): Promise<boolean> {
  return (await client.job(id, { signal: terminal.interrupted })).finished_at !== null;
}
