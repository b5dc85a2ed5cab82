import type { Example } from '../routing/route.js';

/** The id of the caller's job in examples; tests put a real one in its place. */
export const EXAMPLE_JOB = 'job_0k3w8f2m9q4x';
export const EXAMPLE_OF_JOB = { id: EXAMPLE_JOB };
/** The job before it, of the same tag. */
export const EXAMPLE_BASE_JOB = 'job_0k3w7c1d5r8z';

/** A state of the job, as `Last-Event-ID` names it. */
export const EXAMPLE_STATE = 'u3V1c0Jm0qXkS7f2T9wYbA';
/** A place in the stream of all jobs, as `Last-Event-ID` names it. */
export const EXAMPLE_PLACE = 'q0Xw9b2K.17';
export const EXAMPLE_EVENT = 'evt_1767225600000_0_3f9a1c5d7e2b';
export const EXAMPLE_RECEIVER = 'https://hooks.example.com/linkhaul';
export const EXAMPLE_KEY = 'key_8c1f0a7d3b5e92464f0d';
export const EXAMPLE_OF_KEY = { id: EXAMPLE_KEY };
export const EXAMPLE_OF_TAG = { tag: 'weekly' };

/** A spreadsheet with a header, as an example of CSV. */
export const EXAMPLE_CSV = 'site,client\nexample.com,c-17\nexample.org,"c-18, new"\n';
/** A table with tabs, whose targets are not in the first column. */
const EXAMPLE_TSV = 'client\tsite\nc-17\texample.com\nc-18\texample.org\n';
const EXAMPLE_NDJSON = '"example.com"\n{"target":"example.org","id":"row-2"}\n';

/** Lists in forms that every route with a list takes. */
export function listExamples(status: number, others: Pick<Example, 'params' | 'query'> = {}): Example[] {
  return [
    {
      title: 'A column of a table with tabs',
      given: 'nothing',
      ...others,
      query: { ...others.query, endpoint: 'bulk_backlinks', column: 'site' },
      body: { type: 'text/tab-separated-values', content: EXAMPLE_TSV },
      status,
    },
    {
      title: 'One JSON value on each line',
      given: 'nothing',
      ...others,
      query: { ...others.query, endpoint: 'bulk_backlinks' },
      body: { type: 'application/x-ndjson', content: EXAMPLE_NDJSON },
      status,
    },
  ];
}
