import {
  type Change,
  change,
  type DiffSummary,
  diffSummary,
  type EndpointName,
  type TagPage,
  type TagsPage,
  type TagTarget,
  tagPage,
  tagsPage,
  tagTarget,
} from '@linkhaul/schemas';
import { z } from 'zod';
import { type JobId, type ResultOf, resultOf } from '../by-endpoint.js';
import { LinkhaulUnexpectedAnswer } from '../errors.js';
import { parsedLines } from '../ndjson.js';
import { type CallOptions, get, type PageOptions } from '../request.js';
import type { StreamedAnswer, Transport } from '../transport.js';
import type { RowsFilter, SpreadsheetOption } from './results.js';

export interface TagFilter extends PageOptions {
  readonly endpoint?: EndpointName;
}

export interface TagResultsFilter<E extends EndpointName = EndpointName> extends RowsFilter {
  readonly endpoint?: E;
  /** This job of the tag, instead of the latest good one. */
  readonly job?: string;
  /** The smallest share of ok rows, 0 to 1, that makes a job good enough. Not together with `job`. */
  readonly minOk?: number;
}

export interface TagDownloadFilter extends TagResultsFilter, SpreadsheetOption {
  readonly format: 'ndjson' | 'csv' | 'parquet';
}

export interface DiffFilter extends CallOptions {
  readonly endpoint?: EndpointName;
  /** The older run. Default: the last but one that completed. */
  readonly baseJob?: string;
  /** The newer run. Default: the last that completed. */
  readonly job?: string;
  /** Paths with dots, such as `page_summary.rank`. Default: every number. */
  readonly fields?: readonly string[];
  /** Numbers that differ by less than this count as the same. */
  readonly minChange?: number;
  readonly includeSame?: boolean;
}

export interface DiffDownloadFilter extends DiffFilter, SpreadsheetOption {
  readonly format: 'json' | 'ndjson' | 'csv';
}

export interface TagResults<E extends EndpointName = EndpointName> {
  /** The job that has these results. */
  readonly job: JobId<E> | null;
  readonly results: AsyncIterable<ResultOf<E>>;
}

export interface TagDownload {
  /** The job that has these results. */
  readonly job: string | null;
  readonly body: ReadableStream<Uint8Array>;
}

export interface TagDiff {
  /** The two runs that were compared, and the number of changes of each kind. */
  readonly summary: DiffSummary;
  readonly changes: AsyncIterable<Change>;
}

export function tagMethods(transport: Transport) {
  return {
    /** A page of this tenant's tags, by name. */
    tags: (filter?: PageOptions): Promise<TagsPage> => transport.read(get(['tags'], filter), tagsPage),
    /** The jobs of a tag, newest first. */
    tag: (tag: string, filter?: TagFilter): Promise<TagPage> => transport.read(get(['tags', tag], filter), tagPage),
    /** A target's outcome and numbers in each job of the tag, newest first. */
    tagTarget: (tag: string, target: string, filter?: TagFilter): Promise<TagTarget> => {
      const options = { ...filter, target };
      return transport.read(get(['tags', tag, 'targets'], options), tagTarget);
    },
    /** The results of the tag's latest good job, as a stream. */
    tagResults: async <E extends EndpointName = EndpointName>(
      tag: string,
      filter?: TagResultsFilter<E>,
    ): Promise<TagResults<E>> => {
      const answer = await transport.stream(['tags', tag, 'results'], { ...filter, format: 'ndjson' });
      return { job: jobIn(answer), results: parsedLines(answer, resultOf<E>()) };
    },
    /** Like `tagResults`, as a file. */
    downloadTagResults: async (tag: string, filter: TagDownloadFilter): Promise<TagDownload> => {
      const answer = await transport.stream(['tags', tag, 'results'], filter);
      return { job: jobIn(answer), body: answer.body };
    },
    /** What changed between two runs of a tag. The service compares them before it answers, which may take a minute. */
    tagDiff: async (tag: string, filter?: DiffFilter): Promise<TagDiff> =>
      readDiff(await transport.stream(['tags', tag, 'diff'], { ...filter, format: 'ndjson' })),
    /** Like `tagDiff`, as a file. */
    downloadTagDiff: async (tag: string, filter: DiffDownloadFilter): Promise<ReadableStream<Uint8Array>> =>
      (await transport.stream(['tags', tag, 'diff'], filter)).body,
  };
}

function jobIn({ headers }: StreamedAnswer): string | null {
  return headers.get('x-linkhaul-job');
}

const diffLine = z.union([change, diffSummary]);

/** Reads the summary, which is the first line. The changes are read when they are asked for. */
async function readDiff(answer: StreamedAnswer): Promise<TagDiff> {
  const lines = parsedLines(answer, diffLine);
  const first = await lines.next();
  if (first.done || !('counts' in first.value)) {
    throw new LinkhaulUnexpectedAnswer(answer, new Error('it does not begin with a summary'));
  }
  return { summary: first.value, changes: changesOf(lines) };
}

async function* changesOf(lines: AsyncGenerator<z.infer<typeof diffLine>>): AsyncGenerator<Change> {
  for await (const line of lines) if ('change' in line) yield line;
}
