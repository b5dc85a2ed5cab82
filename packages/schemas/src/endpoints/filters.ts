import { z } from 'zod';
import { nearest } from '../nearest.js';
import { conditionsOf, MAX_CONDITIONS, show } from './filter-shape.js';
import { MAX_SET_TARGETS } from './params.js';

export const MAX_ORDER_RULES = 3;

/** The most elements of a filter: its conditions and the operators between them. */
const MOST_PARTS = 2 * MAX_CONDITIONS - 1;
const TOO_MANY = `has more than ${MAX_CONDITIONS} conditions, at most ${MAX_CONDITIONS} are allowed`;

/** Operators of the texts, and the comparisons that their examples use. `referring_domains` has the first list only. */
export const BASE_OPERATORS = [
  'regex',
  'not_regex',
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'not_in',
  'like',
  'not_like',
] as const;
export const ALL_OPERATORS = [...BASE_OPERATORS, 'ilike', 'not_ilike', 'match', 'not_match', 'has', 'has_not'] as const;

/** Fields that a filter or a sort may name: plain ones, and maps whose keys follow a dot (`referring_links_tld.com`). */
export interface FieldList {
  readonly fields: readonly string[];
  readonly maps: readonly string[];
  /** For a set: the fields that follow the number of a target, as in `2.backlinks`. */
  readonly ofEach?: FieldList;
}

interface FilterRules {
  readonly known: FieldList | null;
  readonly operators: readonly string[];
}

type Report = (message: string) => void;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What a schema's JSON form says about a filter, so that a form or a program can offer what the check accepts. */
function offered(known: FieldList | null, operators?: readonly string[]): Record<string, readonly string[]> {
  return {
    ...(known !== null && {
      'x-fields': known.fields.concat(ofFirst('fields', known)),
      'x-maps': known.maps.concat(ofFirst('maps', known)),
    }),
    ...(operators !== undefined && { 'x-operators': operators }),
  };
}

/** Names of the first two targets of a set, as examples: those of all twenty would be hundreds. */
function ofFirst(names: 'fields' | 'maps', { ofEach }: FieldList): string[] {
  return ['1', '2'].flatMap((number) => (ofEach?.[names] ?? []).map((name) => `${number}.${name}`));
}

/** `filters` of an endpoint: structure, operators and field names checked, at most 8 conditions. */
export function filtersOf(known: FieldList, options: { caseInsensitive: boolean }): z.ZodType<unknown[], unknown[]> {
  return filterSchema({ known, operators: options.caseInsensitive ? ALL_OPERATORS : BASE_OPERATORS });
}

/** `backlinks_filters` are about the links themselves. The vendor does not list their fields, so only the structure is checked. */
export const backlinksFilters = filterSchema({ known: null, operators: ALL_OPERATORS });

/** `order_by`: at most 3 rules `field,asc` or `field,desc`. */
export function orderByOf(known: FieldList): z.ZodType<string[], string[]> {
  return z
    .array(z.string())
    .min(1)
    .max(MAX_ORDER_RULES)
    .check((ctx) => {
      // Not reached when there are too many rules: naming near misses in a list of any length would stall the process.
      for (const [index, rule] of ctx.value.entries()) {
        checkRule(rule, known, (message) => ctx.issues.push({ code: 'custom', message, input: rule, path: [index] }));
      }
    })
    .meta(offered(known));
}

function filterSchema(rules: FilterRules): z.ZodType<unknown[], unknown[]> {
  return z
    .array(z.unknown())
    .max(MOST_PARTS, TOO_MANY)
    .check((ctx) => {
      const report = (message: string) => ctx.issues.push({ code: 'custom', message, input: ctx.value });
      const { conditions, shapes, tooMany } = conditionsOf(ctx.value);
      for (const message of shapes) report(message);
      if (tooMany) report(TOO_MANY);
      for (const condition of conditions) checkCondition(condition, rules, report);
    })
    .meta(offered(rules.known, rules.operators));
}

function checkRule(rule: string, known: FieldList, report: Report): void {
  const [field = '', direction, ...rest] = rule.split(',');
  if (rest.length > 0 || (direction !== 'asc' && direction !== 'desc')) {
    report('must be a field, a comma, and asc or desc, such as "backlinks,desc"');
  }
  checkField(field, known, report);
}

function checkCondition(condition: readonly unknown[], rules: FilterRules, report: Report): void {
  const [field, operator, value] = condition;
  if (condition.length !== 3) {
    report(`the condition on ${show(field)} must have a field, an operator and a value`);
    return;
  }
  checkField(String(field), rules.known, report);
  if (typeof operator !== 'string' || !rules.operators.includes(operator)) {
    report(`operator ${show(operator)} is not one of ${rules.operators.join(', ')}`);
  }
  const takesList = operator === 'in' || operator === 'not_in';
  const shape = takesList ? z.array(scalar).min(1) : scalar;
  if (!shape.safeParse(value).success)
    report(`${show(operator)} takes ${takesList ? 'a list of values' : 'one value'}`);
}

function checkField(field: string, known: FieldList | null, report: Report): void {
  if (known === null || isKnown(field, known)) return;
  const near = nearestField(field, known);
  report(`field ${show(field)} does not exist here${near === null ? '' : `, did you mean \`${near}\`?`}`);
}

/** The number of a target in its set, from 1, and the field that follows it. */
const OF_TARGET = /^([1-9]\d?)\.(.+)$/;

function isKnown(field: string, { fields, maps, ofEach }: FieldList): boolean {
  if (fields.includes(field)) return true;
  if (maps.some((map) => field.startsWith(`${map}.`) && field.length > map.length + 1)) return true;
  const [, number, inner = ''] = OF_TARGET.exec(field) ?? [];
  return ofEach !== undefined && Number(number) <= MAX_SET_TARGETS && isKnown(inner, ofEach);
}

/** A map is suggested with one of its keys: the typed one, or a placeholder if none was typed. */
function nearestField(field: string, known: FieldList): string | null {
  if (known.ofEach !== undefined) return nearestOfSet(field, known, known.ofEach);
  const [name = '', ...keys] = field.split('.');
  const map = known.maps.find((candidate) => candidate === field || candidate.endsWith(`.${name}`));
  if (map !== undefined) return `${map}.${map === field || keys.length === 0 ? '<key>' : keys.join('.')}`;
  const near = nearest(field, [...known.fields, ...known.maps]);
  return near !== null && known.maps.includes(near) ? `${near}.<key>` : near;
}

function nearestOfSet(field: string, known: FieldList, ofEach: FieldList): string | null {
  const [, number = '1', inner = field] = OF_TARGET.exec(field) ?? [];
  const own = nearest(field, known.fields);
  const near = isKnown(inner, ofEach) ? inner : nearestField(inner, ofEach);
  return own ?? (near === null || Number(number) > MAX_SET_TARGETS ? null : `${number}.${near}`);
}
