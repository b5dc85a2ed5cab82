import { type EndpointName, type EstimateView, estimate } from '@linkhaul/schemas';
import { MEDIA_TYPES } from '../answer.js';
import { type SubmissionFields, type SubmittedJobOf, submittedJobOf } from '../by-endpoint.js';
import { LinkhaulUnreachable } from '../errors.js';
import { fieldsQuery, queryOf } from '../query.js';
import { type CallOptions, post, type Request } from '../request.js';
import type { Transport } from '../transport.js';
import { type TextBody, uploadedBody } from '../upload.js';

/** A target with the caller's own name for its row. */
export interface NamedTarget {
  readonly target: string;
  readonly id: string;
}

export interface SubmitOptions extends CallOptions {
  /** Makes a submission safe to send again: the same key gives the same job. */
  readonly idempotencyKey?: string;
  /** Called if the key already belongs to a job. The submission then resolves with that job as it is now. */
  readonly onReplayed?: () => void;
}

/** The form of a list, and how it is sent. */
export interface TextListOptions extends CallOptions {
  /** Default: `text`, one target per line. `ndjson`: one string, or one object of `target` and `id`, per line. */
  readonly format?: 'text' | 'csv' | 'ndjson';
  /** For CSV: the column of the targets, by its name or its number from 1. */
  readonly column?: string | number;
  /** For CSV: the column of your own ids. */
  readonly idColumn?: string | number;
  /** What separates the columns. Default: it is found out. `none`: each line is one target, even if it looks like columns. */
  readonly separator?: ',' | ';' | 'tab' | '|' | 'none' | 'auto';
  /** For text and CSV: the encoding if it is not UTF-8 and has no byte order mark, such as `windows-1252`. */
  readonly charset?: string;
  /** For CSV: whether the first line has the columns' names. Default: it is found out. */
  readonly header?: boolean;
  /** True: the list is compressed on the way, unless it is a `Blob`. `already`: the list is gzip already. */
  readonly gzip?: boolean | 'already';
}

export interface SubmitTextOptions extends SubmitOptions, TextListOptions {}

export interface EstimateOptions extends CallOptions {
  /** Buys one item per target to learn the lists' lengths. Needs `max_cost_usd`. */
  readonly probe?: boolean;
  /** How long a probe may take, in milliseconds. Default, and most: 50,000. */
  readonly waitMs?: number;
}

export interface EstimateTextOptions extends EstimateOptions, TextListOptions {}

export type Targets = readonly (string | NamedTarget)[];

/** Long enough for a list of 100,000 targets to be packed, or probed. */
const ESTIMATE_WITHIN_MS = 120_000;

const TEXT_TYPES = { text: 'text/plain', csv: MEDIA_TYPES.csv, ndjson: MEDIA_TYPES.ndjson } as const;

export function submitMethods(transport: Transport) {
  const send = <E extends EndpointName>(
    request: Request,
    { idempotencyKey, onReplayed }: SubmitOptions,
    answerWithinMs?: null,
  ): Promise<SubmittedJobOf<E>> => {
    const headers = { ...request.headers, ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }) };
    const onHeaders = (answered: Headers) => {
      if (answered.get('idempotency-replayed') === 'true') onReplayed?.();
    };
    return transport.read({ ...request, headers }, submittedJobOf<E>(), { onHeaders, answerWithinMs });
  };
  return {
    /** Submits up to 100,000 targets as JSON. */
    submit: <E extends EndpointName>(
      fields: SubmissionFields<E>,
      targets: Targets,
      options: SubmitOptions = {},
    ): Promise<SubmittedJobOf<E>> =>
      send<E>(post(['jobs'], { signal: options.signal }, { ...fields, targets }), options),
    /** Submits up to 10,000,000 targets as they come: text, CSV or NDJSON. An error of their source is thrown unchanged. */
    submitText: <E extends EndpointName>(
      fields: SubmissionFields<E>,
      body: TextBody,
      options: SubmitTextOptions = {},
    ): Promise<SubmittedJobOf<E>> => {
      const { idempotencyKey, onReplayed, ...form } = options;
      return sendText({ path: ['jobs'], fields, body, form }, (request) => send<E>(request, options, null));
    },
    /** What a list would cost as a job. Nothing runs and nothing is stored, except with `probe`. */
    estimate: <E extends EndpointName>(
      fields: SubmissionFields<E>,
      targets: Targets,
      options?: EstimateOptions,
    ): Promise<EstimateView> => {
      const request = post(['estimates'], options, { ...fields, targets });
      return transport.read(request, estimate, { answerWithinMs: ESTIMATE_WITHIN_MS });
    },
    /** Like `estimate`, for a list that streams. */
    estimateText: <E extends EndpointName>(
      fields: SubmissionFields<E>,
      body: TextBody,
      options: EstimateTextOptions = {},
    ): Promise<EstimateView> =>
      sendText({ path: ['estimates'], fields, body, form: options }, (request) =>
        transport.read(request, estimate, { answerWithinMs: null }),
      ),
  };
}

/** A list that streams, and the fields that go into the query beside it. */
interface TextList {
  /** Default: POST. */
  readonly method?: 'PUT';
  readonly path: readonly string[];
  readonly fields: object;
  readonly body: TextBody;
  readonly form: TextListOptions;
}

/** Sends a list. An error of its source is thrown unchanged, because the service has no part in it. */
export async function sendText<T>(list: TextList, send: (request: Request) => Promise<T>): Promise<T> {
  const { body, failure, leave } = await uploadedBody(list.body, isCompressed(list));
  try {
    return await send(listRequest(list, body));
  } catch (error) {
    const failed = failure();
    throw failed !== null && error instanceof LinkhaulUnreachable ? failed.error : error;
  } finally {
    leave();
  }
}

function isCompressed({ body, form }: TextList): boolean {
  return form.gzip === true && !(body instanceof Blob);
}

function listRequest(list: TextList, body: NonNullable<Request['body']>): Request {
  const { path, fields, method = 'POST' } = list;
  const { gzip, format = 'text', charset = 'utf-8', signal, ...query } = list.form;
  const isGzip = gzip === 'already' || isCompressed(list);
  return {
    ...post(path, { signal }),
    method,
    query: new URLSearchParams([...fieldsQuery(fields), ...queryOf(query)]),
    headers: {
      'content-type': format === 'ndjson' ? TEXT_TYPES.ndjson : `${TEXT_TYPES[format]}; charset=${charset}`,
      ...(isGzip && { 'content-encoding': 'gzip' }),
    },
    body,
  };
}
