import { z } from 'zod';
import { resultLine, resultLines } from '../../openapi/endpoint-schemas.js';

const parquet = z.string().meta({ format: 'binary' });
export const csv = z.string().describe('RFC 4180, with a header.');

/** The contents of results, of a job or a tag, by media type. */
export const resultContents = {
  'application/json': resultLines,
  'application/x-ndjson': resultLine,
  'text/csv': csv.describe('RFC 4180, with a header. Each endpoint has a fixed set of columns.'),
  'application/vnd.apache.parquet': parquet.describe('Each endpoint has a fixed set of columns.'),
};

/** The answers to a request for a part of finished results, and for results that the client already has. */
export const partAnswers = {
  206: {
    description: 'The requested range.',
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
    '`json`: one page, as an object. The others stream all lines that exist so far: `ndjson` and `csv` as text, `parquet` as bytes.',
  );
