import { ROW_STATUSES } from '@linkhaul/schemas';
import { given } from '../arguments/given.js';
import { decimal, flag, oneOf, option, short, someOf, text } from '../arguments/option.js';
import { OUT } from '../arguments/shared.js';
import { type Context, defineCommand } from '../command.js';
import { download } from '../download.js';
import { EXIT } from '../exit-codes.js';
import { badInput } from '../failure.js';
import { ENDPOINT_NAMES } from '../list/options.js';
import { say } from '../terminal.js';

const FORMATS = ['ndjson', 'csv', 'parquet'] as const;

const OF_TAG = ['endpoint', 'job', 'min-ok'] as const;

export const results = defineCommand({
  name: 'results',
  summary: 'Downloads results: of a job, or what a tag answers with.',
  takes: ['[ID]'],
  options: {
    out: OUT,
    format: option('FORMAT', `${FORMATS.join(', ')} (ndjson)`, oneOf(FORMATS)),
    spreadsheet: flag('with --format csv: no text is taken for a formula'),
    status: option('LIST', `some of ${ROW_STATUSES.join(', ')}, with commas`, someOf(ROW_STATUSES)),
    tag: short('t', option('TAG', "of the tag's latest good job, in place of ID", text)),
    endpoint: short('e', option('NAME', 'with --tag: where the tag has several endpoints', oneOf(ENDPOINT_NAMES))),
    job: option('ID', 'with --tag: of this job of the tag', text),
    'min-ok': option('SHARE', 'with --tag: a good job has so many ok rows, from 0 to 1', decimal(1)),
  },
  notes: ['Exit code 3: the job is not finished, these are its results so far.'],
  async run({ values, args: [id] }, context) {
    const { client, terminal } = context;
    const { format = 'ndjson', spreadsheet, status, tag, endpoint, job, out } = values;
    if ((id === undefined) === (tag === undefined)) throw badInput('Name a job or a --tag, one of them.');
    const misplaced = tag === undefined ? OF_TAG.find((name) => values[name] !== undefined) : undefined;
    if (misplaced !== undefined) throw badInput(`--${misplaced} goes with --tag.`);
    if (spreadsheet && format !== 'csv') throw badInput('--spreadsheet goes with --format csv.');
    if (format === 'parquet' && out === undefined && terminal.stdoutIsTTY) {
      throw badInput('Parquet is not for a terminal: name a file with -o.');
    }
    const wanted = { format, spreadsheet, ...given({ status }), signal: terminal.interrupted };
    if (id === undefined) {
      const ofTag = { ...wanted, ...given({ endpoint, job, minOk: values['min-ok'] }) };
      await download((await client.downloadTagResults(tag ?? '', ofTag)).body, out, terminal);
      return EXIT.complete;
    }
    const done = await isFinished(id, context);
    await download(await client.download(id, wanted), out, terminal);
    if (!done) say(terminal, `The job is not finished: these are its results so far. linkhaul watch ${id}`);
    return done ? EXIT.complete : EXIT.partial;
  },
});

/** Asked before the download: what is finished then has all its results in it. */
async function isFinished(id: string, { client, terminal }: Context): Promise<boolean> {
  return (await client.job(id, { signal: terminal.interrupted })).finished_at !== null;
}
