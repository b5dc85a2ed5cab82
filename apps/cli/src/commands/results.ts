import { ROW_STATUSES } from '@linkhaul/schemas';
import { oneOf, option, short, someOf, text } from '../arguments/option.js';
import { OUT } from '../arguments/shared.js';
import { type Context, defineCommand } from '../command.js';
import { download } from '../download.js';
import { EXIT } from '../exit-codes.js';
import { badInput } from '../failure.js';
import { ENDPOINT_NAMES, queryOf } from '../list/options.js';
import { say } from '../terminal.js';

const FORMATS = ['ndjson', 'csv', 'parquet'] as const;

export const results = defineCommand({
  name: 'results',
  summary: 'Downloads results: of a job, or what a tag answers with.',
  takes: ['[ID]'],
  options: {
    out: OUT,
    format: option('FORMAT', `${FORMATS.join(', ')} (ndjson)`, oneOf(FORMATS)),
    status: option('LIST', `some of ${ROW_STATUSES.join(', ')}, with commas`, someOf(ROW_STATUSES)),
    tag: short('t', option('TAG', "of the tag's latest good job, in place of ID", text)),
    endpoint: short('e', option('NAME', 'with --tag: where the tag has several endpoints', oneOf(ENDPOINT_NAMES))),
  },
  notes: ['Exit code 3: the job is not finished, these are its results so far.'],
  async run({ values, args: [id] }, context) {
    const { terminal, transport } = context;
    const { format = 'ndjson', tag, endpoint } = values;
    if ((id === undefined) === (tag === undefined)) throw badInput('Name a job or a --tag, one of them.');
    if (endpoint !== undefined && tag === undefined) throw badInput('--endpoint goes with --tag.');
    if (format === 'parquet' && values.out === undefined && terminal.stdoutIsTTY) {
      throw badInput('Parquet is not for a terminal: name a file with -o.');
    }
    const done = id === undefined || (await isFinished(id, context));
    const path = id === undefined ? ['tags', tag ?? '', 'results'] : ['jobs', id, 'results'];
    const query = queryOf({ format, endpoint, status: values.status?.join(',') });
    const headers = { accept: '*/*' };
    const response = await transport.send({ path, query, headers, signal: terminal.interrupted });
    await download(response, values.out, terminal);
    if (!done) say(terminal, `The job is not finished: these are its results so far. linkhaul watch ${id}`);
    return done ? EXIT.complete : EXIT.partial;
  },
});

/** Asked before the download: what is finished then has all its results in it. */
async function isFinished(id: string, { client, terminal }: Context): Promise<boolean> {
  return (await client.job(id, { signal: terminal.interrupted })).finished_at !== null;
}
