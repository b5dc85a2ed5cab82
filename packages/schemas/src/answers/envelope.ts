import { chargeOf, isObject, type JsonObject, numberOf, objectsOf, textOf } from './values.js';

/** What an answer says at one of its two levels. The code decides, not the HTTP status. */
interface AnswerLevel {
  readonly code: number | null;
  readonly message: string;
  /** US dollars. Null if the answer states no amount. */
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

/** The envelope of an answer. Reads only what is used, each field by itself. Null if the value is not an answer of this API. */
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
