import { type EndpointName, estimate } from '@linkhaul/schemas';
import type { z } from 'zod';
import { type SubmissionFields, submittedJobOf } from './by-endpoint.js';
import { LinkhaulUnreachable } from './errors.js';
import { queryOf } from './filters.js';
import type {
  LinkhaulClient,
  NamedTarget,
  SubmitOptions,
  SubmitTextOptions,
  TextListOptions,
} from './linkhaul-client.js';
import type { Transport } from './transport.js';
import { fieldsQuery, streamedBody, type TextBody } from './upload.js';

const JSON_BODY = { 'content-type': 'application/json' };

const TEXT_TYPES = { text: 'text/plain', csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;

export function submitting(transport: Transport): Pick<LinkhaulClient, 'submit' | 'submitText'> {
  return {
    submit: <E extends EndpointName>(
      fields: SubmissionFields<E>,
      targets: readonly (string | NamedTarget)[],
      options: SubmitOptions = {},
    ) =>
      transport.read(
        {
          method: 'POST',
          path: ['jobs'],
          headers: { ...JSON_BODY, ...idempotency(options) },
          body: JSON.stringify({ ...fields, targets }),
          signal: options.signal,
          onHeaders: replay(options),
        },
        submittedJobOf<E>(),
      ),
    submitText: <E extends EndpointName>(
      fields: SubmissionFields<E>,
      body: TextBody,
      options: SubmitTextOptions = {},
    ) => {
      const list = { fields, body, options };
      return sendText(transport, {
        list,
        path: ['jobs'],
        headers: idempotency(options),
        onHeaders: replay(options),
        answer: submittedJobOf<E>(),
      });
    },
  };
}

export function estimating(transport: Transport): Pick<LinkhaulClient, 'estimate' | 'estimateText'> {
  const probeQuery = ({ probe, waitMs }: { probe?: boolean; waitMs?: number }) =>
    queryOf({ probe: probe ? 1 : undefined, wait_ms: waitMs });
  return {
    estimate: (fields, targets, options = {}) =>
      transport.read(
        {
          method: 'POST',
          path: ['estimates'],
          query: probeQuery(options),
          headers: JSON_BODY,
          body: JSON.stringify({ ...fields, targets }),
          signal: options.signal,
          answerWithinMs: 120_000,
        },
        estimate,
      ),
    estimateText: (fields, body, options = {}) => {
      const list = { fields, body, options };
      return sendText(transport, { list, path: ['estimates'], query: probeQuery(options), answer: estimate });
    },
  };
}

function idempotency(options: SubmitOptions): Record<string, string> {
  return options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey };
}

function replay({ onReplayed }: SubmitOptions): (headers: Headers) => void {
  return (headers) => {
    if (headers.get('idempotency-replayed') === 'true') onReplayed?.();
  };
}

interface TextList {
  readonly fields: SubmissionFields;
  readonly body: TextBody;
  readonly options: TextListOptions;
}

interface TextRequest<S extends z.ZodType> {
  readonly list: TextList;
  readonly path: readonly string[];
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly onHeaders?: (headers: Headers) => void;
  readonly answer: S;
}

function formQuery({ separator, column, idColumn, header }: TextListOptions): URLSearchParams {
  return queryOf({ separator, column, id_column: idColumn, header: header === undefined ? undefined : String(header) });
}

/** Sends a list as it comes. What its source throws is thrown as it is: the service has no part in it. */
async function sendText<S extends z.ZodType>(transport: Transport, request: TextRequest<S>): Promise<z.output<S>> {
  const { list, path, query = [], headers, answer, onHeaders } = request;
  const { gzip = false, format = 'text', charset = 'utf-8', signal } = list.options;
  const encoding = gzip ? { 'content-encoding': 'gzip' } : {};
  const type = TEXT_TYPES[format];
  const { stream, failure, leave } = streamedBody(list.body, gzip === true);
  try {
    return await transport.read(
      {
        method: 'POST',
        path,
        query: new URLSearchParams([...fieldsQuery(list.fields), ...formQuery(list.options), ...query]),
        headers: {
          'content-type': format === 'ndjson' ? type : `${type}; charset=${charset}`,
          ...encoding,
          ...headers,
        },
        body: stream,
        signal,
        ...(onHeaders && { onHeaders }),
        answerWithinMs: null,
      },
      answer,
    );
  } catch (error) {
    const failed = failure();
    throw failed !== null && error instanceof LinkhaulUnreachable ? failed.error : error;
  } finally {
    leave();
  }
}
