import {
  type CallStatus,
  type CallsPage,
  callsPage,
  type EndpointName,
  type Manifest,
  manifest,
  type RowStatus,
} from '@linkhaul/schemas';
import {
  type AnyJobId,
  type ResultOf,
  type ResultsPageOf,
  type RowOf,
  resultOf,
  resultsPageOf,
  rowOf,
} from '../by-endpoint.js';
import { parsedLines } from '../ndjson.js';
import { type CallOptions, get, type PageOptions } from '../request.js';
import type { Transport } from '../transport.js';

export interface RowsFilter extends CallOptions {
  readonly status?: readonly RowStatus[];
}

export interface ResultsPageFilter extends RowsFilter, PageOptions {}

export interface CallsFilter extends PageOptions {
  readonly status?: readonly CallStatus[];
}

export interface SpreadsheetOption {
  /** CSV whose text no spreadsheet takes for formulas. */
  readonly spreadsheet?: boolean;
}

export interface DownloadFilter extends RowsFilter, SpreadsheetOption {
  readonly format: 'ndjson' | 'csv' | 'parquet';
}

export interface RowsDownloadFilter extends RowsFilter, SpreadsheetOption {
  readonly format: 'ndjson' | 'csv';
}

export function resultMethods(transport: Transport) {
  return {
    /** Every result so far, as a stream. */
    async *results<E extends EndpointName = EndpointName>(
      id: AnyJobId<E>,
      filter?: RowsFilter,
    ): AsyncIterable<ResultOf<E>> {
      yield* parsedLines(
        await transport.stream(['jobs', id, 'results'], { ...filter, format: 'ndjson' }),
        resultOf<E>(),
      );
    },
    /** Every row so far, without its data, as a stream. */
    async *rows<E extends EndpointName = EndpointName>(id: AnyJobId<E>, filter?: RowsFilter): AsyncIterable<RowOf<E>> {
      yield* parsedLines(await transport.stream(['jobs', id, 'rows'], { ...filter, format: 'ndjson' }), rowOf<E>());
    },
    resultsPage: <E extends EndpointName = EndpointName>(
      id: AnyJobId<E>,
      filter?: ResultsPageFilter,
    ): Promise<ResultsPageOf<E>> => transport.read(get(['jobs', id, 'results'], filter), resultsPageOf<E>()),
    /** Every result so far as a file, decompressed. A download that is cut off ends with an error, not early. */
    download: async (id: string, filter: DownloadFilter): Promise<ReadableStream<Uint8Array>> =>
      (await transport.stream(['jobs', id, 'results'], filter)).body,
    /** Every row so far as a file. */
    downloadRows: async (id: string, filter: RowsDownloadFilter): Promise<ReadableStream<Uint8Array>> =>
      (await transport.stream(['jobs', id, 'rows'], filter)).body,
    /** The stored files of a finished job's results. If writing them first takes longer than 50 s, the answer is 503. */
    manifest: (id: string, options?: CallOptions): Promise<Manifest> =>
      transport.read(get(['jobs', id, 'manifest'], options), manifest, { answerWithinMs: null }),
    /** The ledger: a job's calls with their attempts and what each cost. */
    calls: (id: string, filter?: CallsFilter): Promise<CallsPage> =>
      transport.read(get(['jobs', id, 'calls'], filter), callsPage),
  };
}
