import { isoTime, type JobRecord } from '@linkhaul/jobs';
import {
  type Columns,
  type EndpointName,
  endpointOf,
  INVALID_CODES,
  itemFields,
  itemKeyOf,
  resultColumns,
  rowNormaliser,
  type TagTarget,
  tagTarget,
} from '@linkhaul/schemas';
import { z } from 'zod';
import { createRoom } from '../../live/room.js';
import { ApiProblem, invalidRequest } from '../../problem.js';
import { readTargetRow, type TargetRow } from '../../results/target-row.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_TAG } from '../examples.js';
import { jobCursor } from '../jobs/job-cursor.js';
import { ofEndpoint } from '../parameters.js';
import { jobsOfTag, noSuchTag, ofTag, requireOneEndpoint } from './tag-jobs.js';

/** How many parts of plans are read for one page. The search ends only between two jobs, so it may read more. */
const MOST_PARTS = 2_000;
/** The most searches of one tenant at once: each may read thousands of parts. */
const MOST_AT_ONCE = 2;

export const getTagTarget = defineRoute({
  method: 'get',
  path: '/v1/tags/:tag/targets',
  id: 'getTagTarget',
  summary: 'Follow a target through the runs of a tag',
  description:
    "The outcome of one target in each job of the tag, the newest first, with the item's numbers. 409 if the tag has several endpoints and none is named.",
  access: 'tenant',
  scope: 'read',
  readsStorage: true,
  noSuch: noSuchTag,
  request: NO_INPUT.extend({
    params: ofTag,
    query: z.object({
      target: z.string().min(1).max(4096).describe('As it would be submitted: `Example.com` finds `example.com`.'),
      endpoint: ofEndpoint,
      cursor: z.string().optional().describe('`next_cursor` of the previous page.'),
      limit: z.int().min(1).max(100).default(20).describe('The most jobs that a page has.'),
    }),
  }),
  answers: { 200: { description: 'A page of jobs.', contents: { 'application/json': tagTarget } } },
  problems: ['not_found', 'conflict'],
  examples: [
    {
      title: 'The latest runs',
      given: 'finished job',
      params: EXAMPLE_OF_TAG,
      query: { target: 'A.com' },
      status: 200,
    },
  ],
  serve(services) {
    const room = createRoom(MOST_AT_ONCE);
    return async (c, { params: { tag }, query: { target: given, endpoint, cursor, limit } }) => {
      const jobs = await jobsOfTag(tag, { tenant: c.get('tenant'), endpoint }, services);
      requireOneEndpoint(jobs);
      const [latest] = jobs;
      if (latest === undefined) throw noSuchTag({ tag });
      const target = targetOf(given, latest);
      const columns = numbersOf(latest.description.endpoint);
      const after = jobCursor(cursor);
      const runs: TagTarget['runs'] = [];
      let [next, parts]: [string | null, number] = [null, 0];
      const tenant = c.get('tenant');
      if (!room.hasRoom(tenant)) throw otherSearches();
      const leave = room.enter(tenant);
      try {
        for (const job of jobs.filter(({ description: { id } }) => after === null || id < after)) {
          // Once the client has left, further reading would be for nobody.
          if (runs.length === limit || parts >= MOST_PARTS || c.env.outgoing.destroyed) {
            next = runs.at(-1)?.job ?? null;
            break;
          }
          const found = await readTargetRow(job, target, services);
          parts += found.parts;
          runs.push(runOf(job, found, columns));
        }
      } finally {
        leave();
      }
      const fields = columns.list.map(({ name, type }) => ({ name, type }));
      const answer: TagTarget = {
        tag,
        endpoint: latest.description.endpoint,
        target,
        fields,
        runs,
        next_cursor: next,
      };
      return c.json(answer);
    };
  },
});

function otherSearches(): ApiProblem {
  const detail = `${MOST_AT_ONCE} searches for a target are under way already. Try again when one is answered.`;
  return new ApiProblem('too_many_requests', detail, { headers: { 'retry-after': '1' } });
}

/** The target in the form that the tag's latest job would give it. */
function targetOf(given: string, { description }: JobRecord): string {
  const { endpoint, target_as: as, keep_www: keepWww } = description;
  const read = rowNormaliser(endpointOf(endpoint), { as, keepWww })(given);
  if (!read.ok) throw invalidRequest('target', INVALID_CODES[read.code]);
  return read.target;
}

interface Numbers {
  readonly all: Columns;
  readonly list: readonly { readonly name: string; readonly type: 'integer' | 'number'; readonly at: number }[];
}

/** The numeric columns of an endpoint's items. On list endpoints items are not the target, so their numbers are not its numbers. */
function numbersOf(endpoint: EndpointName): Numbers {
  const all = resultColumns(endpoint);
  if (itemKeyOf(endpointOf(endpoint)) !== null) return { all, list: [] };
  const ofItem = new Set(itemFields(endpoint).map(({ path }) => path.join('__')));
  const list = all.list.flatMap(({ name, type }, at) =>
    (type === 'integer' || type === 'number') && ofItem.has(name) ? [{ name, type, at }] : [],
  );
  return { all, list };
}

function runOf(
  { description, finishedAt }: JobRecord,
  { row, result }: TargetRow,
  { all, list }: Numbers,
): TagTarget['runs'][number] {
  const cells = result === null ? null : all.cellsOf(result);
  return {
    job: description.id,
    created_at: isoTime(description.createdAt),
    finished_at: finishedAt === null ? null : isoTime(finishedAt),
    line: row?.line ?? null,
    status: row?.status ?? null,
    items: row?.items ?? null,
    total_count: row?.total_count ?? null,
    values: cells && Object.fromEntries(list.map(({ name, at }) => [name, numberOr(cells[at])])),
  };
}

function numberOr(cell: unknown): number | null {
  return typeof cell === 'number' ? cell : null;
}
