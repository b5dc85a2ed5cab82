import { LinkhaulProblem } from '@linkhaul/client/browser';
import { fieldErrorsOf } from '../../service/errors.js';
import { hasInput, isFolded } from './options/option-fields.js';

const OF_LIST = /^(list|column|id_column|header|separator)$/;
/** Refusals that concern the list as a whole. */
const LIST_CODES = [
  'unsupported_media_type',
  'invalid_encoding',
  'invalid_compression',
  'body_incomplete',
  'looks_separated',
  'invalid_rows',
];

export interface FormErrors {
  /** The error of a field; null if there is none. */
  of(name: string): string | null;
  /** The error about how the list is read. */
  readonly ofList: string | null;
  /** Errors that belong to no field on the page. */
  readonly others: readonly string[];
  /** True if any field has an error. */
  readonly hasFields: boolean;
  /** True if a field that can be folded away has an error. */
  readonly hasFolded: boolean;
}

/** The errors that the page and the service have found, by where they are shown. */
export function formErrors(own: ReadonlyMap<string, string>, refusal: unknown): FormErrors {
  const ofService = toldBy(refusal);
  const all = [...ofService, ...own];
  const messages = (isMeant: (name: string) => boolean) =>
    all.filter(([name]) => isMeant(name)).map(([, text]) => text);
  const ofList = messages((name) => OF_LIST.test(name));
  return {
    of: (name) => own.get(name) ?? ofService.get(name) ?? null,
    ofList: ofList.length === 0 ? null : ofList.join(' '),
    others: messages((name) => !isAtField(name) && !OF_LIST.test(name)),
    hasFields: all.some(([name]) => isAtField(name)),
    hasFolded: all.some(([name]) => isFolded(name)),
  };
}

/** Parameters of the endpoint each have an input, too. */
function isAtField(name: string): boolean {
  return name.startsWith('params.') || hasInput(name);
}

function toldBy(refusal: unknown): ReadonlyMap<string, string> {
  if (refusal === null) return new Map();
  const isOfList = refusal instanceof LinkhaulProblem && LIST_CODES.includes(refusal.code);
  return isOfList ? new Map([['list', refusal.problem.detail]]) : fieldErrorsOf(refusal);
}
