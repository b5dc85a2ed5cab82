import { LinkhaulProblem } from '@linkhaul/client/browser';
import { fieldErrorsOf } from '../../service/errors.js';

/** Fields that stand on the page, by the names that a refusal has for them; those of parameters and the webhook begin so. */
const SHOWN =
  /^(tag|max_cost_usd|on_budget|deadline|metadata|max_items_per_target|max_age|retention_days|target_as|params\..+|webhook(\..+)?)$/;
const OF_LIST = /^(list|column|id_column|header|separator)$/;
/** Refusals that speak of the list as a whole. */
const LIST_CODES = [
  'unsupported_media_type',
  'invalid_encoding',
  'invalid_compression',
  'body_incomplete',
  'looks_separated',
  'invalid_rows',
];

export interface FormErrors {
  /** What is wrong with a field; null where nothing is. */
  of(name: string): string | null;
  /** What is wrong with the way the list is read. */
  readonly ofList: string | null;
  /** What has no field on the page. */
  readonly others: readonly string[];
  /** Something is wrong at a field. */
  readonly hasFields: boolean;
}

/** What the page and the service have found wrong, by where it is shown. */
export function formErrors(own: ReadonlyMap<string, string>, refusal: unknown): FormErrors {
  const told = toldBy(refusal);
  const all = [...told, ...own];
  const messages = (isMeant: (name: string) => boolean) =>
    all.filter(([name]) => isMeant(name)).map(([, text]) => text);
  const ofList = messages((name) => OF_LIST.test(name));
  return {
    of: (name) => own.get(name) ?? told.get(name) ?? null,
    ofList: ofList.length === 0 ? null : ofList.join(' '),
    others: messages((name) => !SHOWN.test(name) && !OF_LIST.test(name)),
    hasFields: all.some(([name]) => SHOWN.test(name)),
  };
}

function toldBy(refusal: unknown): ReadonlyMap<string, string> {
  if (refusal === null) return new Map();
  const isOfList = refusal instanceof LinkhaulProblem && LIST_CODES.includes(refusal.code);
  return isOfList ? new Map([['list', refusal.problem.detail]]) : fieldErrorsOf(refusal);
}
