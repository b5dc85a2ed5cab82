import { ApiProblem } from '../problem.js';
import { type Charset, charsetOf } from './list/charsets.js';

export interface MediaType {
  readonly type: ListType;
  readonly charset: Charset;
  /** The `header` parameter of RFC 4180. */
  readonly header: 'absent' | 'present' | undefined;
}

const TYPES = [
  'application/json',
  'text/plain',
  'text/csv',
  'text/tab-separated-values',
  'application/x-ndjson',
] as const;

type ListType = (typeof TYPES)[number];

/** Parses the `Content-Type` of a list. */
export function parseMediaType(header: string): MediaType {
  const [name = '', ...parts] = header.split(';').map((part) => part.trim().toLowerCase());
  const parameters = new Map(parts.map(parseParameter));
  const type = TYPES.find((one) => one === name);
  if (type === undefined) throw notTaken(name);
  const presence = parameters.get('header');
  return {
    type,
    charset: charsetOf(parameters.get('charset')),
    header: presence === 'absent' || presence === 'present' ? presence : undefined,
  };
}

function parseParameter(part: string): [name: string, value: string] {
  const [name = '', value = ''] = part.split('=', 2);
  return [name.trim(), value.trim().replace(/^"(.*)"$/, '$1')];
}

function notTaken(name: string): ApiProblem {
  const fault = name === '' ? 'No content type was sent' : `${name} is not taken`;
  return new ApiProblem(
    'unsupported_media_type',
    `${fault}: use curl's --data-binary @FILE with -H 'Content-Type: text/plain' for one target per line, -H 'Content-Type: text/csv', -H 'Content-Type: text/tab-separated-values', -H 'Content-Type: application/x-ndjson', or -H 'Content-Type: application/json'.`,
  );
}
