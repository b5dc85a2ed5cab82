import { type Change, change, diffSummary } from '@linkhaul/schemas';
import { z } from 'zod';
import { LinkhaulUnexpectedAnswer } from './errors.js';
import { type DiffFilter, queryOf } from './filters.js';
import type { TagDiff } from './linkhaul-client.js';
import { parsedLines } from './ndjson.js';
import type { Transport } from './transport.js';

const line = z.union([change, diffSummary]);

type Line = z.infer<typeof line>;

/** Reads the summary, which comes first; the changes come as they are asked for. */
export async function readDiff(transport: Transport, tag: string, filter: DiffFilter): Promise<TagDiff> {
  const { endpoint, baseJob, job, fields, minChange, includeSame, signal } = filter;
  const query = queryOf({
    format: 'ndjson',
    endpoint,
    base_job: baseJob,
    job,
    fields,
    min_change: minChange,
    include: includeSame ? 'same' : undefined,
  });
  const response = await transport.send({ path: ['tags', tag, 'diff'], query, signal });
  const lines = parsedLines(response, line);
  const first = await lines.next();
  if (first.done || !('counts' in first.value)) {
    throw new LinkhaulUnexpectedAnswer(response, new Error('it does not begin with a summary'));
  }
  return { summary: first.value, changes: changesOf(lines) };
}

async function* changesOf(lines: AsyncGenerator<Line>): AsyncGenerator<Change> {
  for await (const next of lines) if ('change' in next) yield next;
}
