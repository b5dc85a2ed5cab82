import { chargeOf, isObject, type JsonObject, numberOf, objectsOf, textOf } from './values.js';

/** What an answer says of itself at one of its two levels. The truth is in the code, not in the HTTP status. */
interface AnswerLevel {
  readonly code: number | null;
  readonly message: string;
  /** US dollars; null where no amount is said. */
  readonly charge: number | null;
}

/** One task of an answer. Its content is read by the caller. */
export interface AnswerTask extends AnswerLevel {
  readonly id: string | null;
  readonly json: JsonObject;
}

export interface AnswerEnvelope extends AnswerLevel {
  readonly tasks: readonly AnswerTask[];
}

/** Codes of the API have five digits. A smaller number is an HTTP status, written by a proxy or gateway. */
const LEAST_CODE = 10_000;

/** The envelope of an answer, reading only what is used, each by itself; null where the value is no answer of this API. */
export function readEnvelope(json: unknown): AnswerEnvelope | null {
  if (!isObject(json)) return null;
  const envelope = { ...levelOf(json), tasks: objectsOf(json.tasks).map(taskOf) };
  return envelope.code === null && envelope.tasks.length === 0 ? null : envelope;
}

function taskOf(json: JsonObject): AnswerTask {
  return { ...levelOf(json), id: textOf(json.id), json };
}

function levelOf({ status_code, status_message, cost }: JsonObject): AnswerLevel {
  const code = numberOf(status_code);
  return {
    code: code !== null && code >= LEAST_CODE ? code : null,
    message: textOf(status_message) ?? '',
    charge: chargeOf(cost),
  };
}
