import { StorageAway } from '../../away.js';
import type { S3Answer } from './connection.js';
import { textOf } from './xml.js';

/** The store refuses a request. The health page would show only the `code` of an error that has one, so this one has none. */
export class S3Refusal extends StorageAway {
  readonly refusedAs: string;

  constructor(refusedAs: string, message: string) {
    super(message);
    this.refusedAs = refusedAs;
  }
}

/** The store's code for what is wrong. Null if it gives none. */
export function codeOf({ body }: S3Answer): string | null {
  return textOf(body.toString('utf8'), 'Code');
}

const CREDENTIALS = 'the credentials are refused';
const ELSEWHERE = 'the bucket is in another region or at another endpoint than STORAGE_URL says';

/** What the codes mean for an operator. */
const MEANINGS: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: CREDENTIALS,
  SignatureDoesNotMatch: CREDENTIALS,
  InvalidToken: 'the session token of the credentials is refused',
  ExpiredToken: 'the session token of the credentials has expired',
  NoSuchBucket: 'the bucket does not exist',
  AuthorizationHeaderMalformed: ELSEWHERE,
  PermanentRedirect: ELSEWHERE,
  IllegalLocationConstraintException: ELSEWHERE,
  RequestTimeTooSkewed: 'the clocks of store and machine differ',
};

/** `right`: the right that the request needs, such as `s3:GetObject`. */
export function refusalOf(answer: S3Answer, right: string, place: string): S3Refusal {
  const code = codeOf(answer) ?? `status ${answer.status}`;
  return new S3Refusal(code, `storage does not serve: ${meaningOf(answer, code, right)} (${code}) at ${place}`);
}

function meaningOf(answer: S3Answer, code: string, right: string): string {
  if (code === 'AccessDenied' || (answer.status === 403 && MEANINGS[code] === undefined)) return lackOf(right);
  return MEANINGS[code] ?? textOf(answer.body.toString('utf8'), 'Message') ?? `the store answers ${answer.status}`;
}

function lackOf(right: string): string {
  const why = right === 's3:ListBucket' ? ', without which a missing object looks like a forbidden one' : '';
  return `the credentials lack the right ${right}${why}`;
}
