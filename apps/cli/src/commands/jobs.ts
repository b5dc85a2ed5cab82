import { JOB_STATUSES, TASK_FILTERS } from '@linkhaul/schemas';
import { given } from '../arguments/given.js';
import { oneOf, option, pairs, short, text, wholeNumber } from '../arguments/option.js';
import { CURSOR, JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { ENDPOINT_NAMES } from '../list/options.js';
import { jobsTable } from '../render/jobs.js';
import { print, sayNext } from '../terminal.js';

const SHOWN = 20;

export const jobs = defineCommand({
  name: 'jobs',
  summary: 'Lists jobs, the newest first.',
  takes: [],
  options: {
    tag: short('t', option('TAG', 'of this tag', text)),
    status: option('STATUS', JOB_STATUSES.join(', '), oneOf(JOB_STATUSES)),
    endpoint: short('e', option('NAME', 'of this endpoint', oneOf(ENDPOINT_NAMES))),
    tasks: option('KIND', 'that answer tasks of this kind: live, standard; none: no tasks', oneOf(TASK_FILTERS)),
    metadata: pairs('with this pair'),
    search: option('TEXT', 'with this text in the id, the tag or a value of the metadata', text),
    limit: option('N', `the most to list (${SHOWN})`, wholeNumber(1, 1000)),
    cursor: CURSOR,
    json: JSON_FLAG,
  },
  async run({ values }, { client, terminal }) {
    const { tag, status, endpoint, tasks, metadata, search, limit = SHOWN, cursor } = values;
    const page = await client.jobs({
      ...given({ tag, status, endpoint, tasks, q: search, cursor }),
      metadata,
      limit,
      signal: terminal.interrupted,
    });
    print(terminal, values.json ? JSON.stringify(page) : jobsTable(page.jobs));
    if (!values.json) sayNext(terminal, page.next_cursor);
    return EXIT.complete;
  },
});
