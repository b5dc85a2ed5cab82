import { type Change, change, diffSummary } from '@linkhaul/schemas';
import { z } from 'zod';
import { MEDIA_TYPES } from './body.js';
import { LinkhaulUnexpectedAnswer } from './errors.js';
import { type DiffFilter, diffQuery } from './filters.js';
import type { TagDiff } from './linkhaul-client.js';
import { parsedLines } from './ndjson.js';
import type { Transport } from './transport.js';

const line = z.union([change, diffSummary]);

type Line = z.infer<typeof line>;

/** Reads the summary, which comes first; the changes come as they are asked for. */
export async function readDiff(transport: Transport, tag: string, filter: DiffFilter): Promise<TagDiff> {
  const query = diffQuery(filter, 'ndjson');
  const request = { path: ['tags', tag, 'diff'], query, signal: filter.signal };
  const answer = await transport.stream(request, MEDIA_TYPES.ndjson);
  const lines = parsedLines(answer, line);
  const first = await lines.next();
  if (first.done || !('counts' in first.value)) {
    throw new LinkhaulUnexpectedAnswer(answer, new Error('it does not begin with a summary'));
  }
  return { summary: first.value, changes: changesOf(lines) };
}

async function* changesOf(lines: AsyncGenerator<Line>): AsyncGenerator<Change> {
  for await (const next of lines) if ('change' in next) yield next;
}
