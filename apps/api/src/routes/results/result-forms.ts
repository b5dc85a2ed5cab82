import { z } from 'zod';
import { resultLine, resultLines } from '../../openapi/endpoint-schemas.js';

const parquet = z.string().meta({ format: 'binary' });
export const csv = z.string().describe('RFC 4180, with a header.');

/** The contents of results, of a job or a tag, by media type. */
export const resultContents = {
  'application/json': resultLines,
  'application/x-ndjson': resultLine,
  'text/csv': csv.describe('RFC 4180, with a header; one fixed set of columns an endpoint.'),
  'application/vnd.apache.parquet': parquet.describe('One fixed set of columns an endpoint.'),
};

/** The answers to a request for a part of finished results, and for results that the client has already. */
export const partAnswers = {
  206: {
    description: 'The range that was asked for.',
    contents: {
      'application/x-ndjson': z.string(),
      'text/csv': z.string(),
      'application/vnd.apache.parquet': parquet,
    },
  },
  304: { description: 'Nothing has changed since.', contents: {} },
};

export const resultsFormat = z
  .enum(['json', 'ndjson', 'csv', 'parquet'])
  .default('json')
  .describe(
    '`json`: a page, which is an object. All others are all lines so far, as a stream: `ndjson` and `csv` are text, `parquet` is bytes.',
  );
