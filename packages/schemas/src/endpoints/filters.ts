import { z } from 'zod';
import { nearest } from '../nearest.ts';

const MAX_CONDITIONS = 8;
const MAX_ORDER_RULES = 3;

/** Operators of the texts, and the comparisons that their examples use. `referring_domains` has the first list only. */
const BASE_OPERATORS = [
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
const ALL_OPERATORS = [...BASE_OPERATORS, 'ilike', 'not_ilike', 'match', 'not_match', 'has', 'has_not'] as const;

/** Fields that a filter or a sort may name: plain ones, and maps whose keys follow a dot (`referring_links_tld.com`). */
export interface FieldList {
  readonly fields: readonly string[];
  readonly maps: readonly string[];
}

interface FilterRules {
  readonly known: FieldList | null;
  readonly operators: readonly string[];
}

type Report = (message: string) => void;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** `filters` of an endpoint: structure, operators and field names checked, at most 8 conditions. */
export function filtersOf(known: FieldList, options: { caseInsensitive: boolean }): z.ZodType<unknown[]> {
  return filterSchema({ known, operators: options.caseInsensitive ? ALL_OPERATORS : BASE_OPERATORS });
}

/** `backlinks_filters` speak of the links themselves, whose field list the texts leave open: only the structure is checked. */
export const backlinksFilters = filterSchema({ known: null, operators: ALL_OPERATORS });

/** `order_by`: at most 3 rules `field,asc` or `field,desc`. */
export function orderByOf(known: FieldList): z.ZodType<string[]> {
  const rule = z.string().check((ctx) => {
    const [field = '', direction, ...rest] = ctx.value.split(',');
    const report = (message: string) => ctx.issues.push({ code: 'custom', message, input: ctx.value });
    if (rest.length > 0 || (direction !== 'asc' && direction !== 'desc')) {
      report('must be a field, a comma, and asc or desc, such as "backlinks,desc"');
    }
    checkField(field, known, report);
  });
  return z.array(rule).min(1).max(MAX_ORDER_RULES);
}

function filterSchema(rules: FilterRules): z.ZodType<unknown[]> {
  return z.array(z.unknown()).check((ctx) => {
    const report = (message: string) => ctx.issues.push({ code: 'custom', message, input: ctx.value });
    const conditions = countConditions(ctx.value, rules, report);
    if (conditions > MAX_CONDITIONS) report(`has ${conditions} conditions, at most ${MAX_CONDITIONS} are allowed`);
  });
}

/** Walks a filter and says what is wrong with it; the number of its conditions. */
function countConditions(filter: unknown, rules: FilterRules, report: Report): number {
  if (!Array.isArray(filter) || filter.length === 0) {
    report('must be a condition ["field", "operator", value], or conditions joined by "and" or "or"');
    return 0;
  }
  if (typeof filter[0] === 'string') {
    checkCondition(filter, rules, report);
    return 1;
  }
  return filter.reduce<number>((count, part, index) => {
    if (index % 2 === 0) return count + countConditions(part, rules, report);
    if (part !== 'and' && part !== 'or')
      report(`needs "and" or "or" between two conditions, not ${JSON.stringify(part)}`);
    else if (index === filter.length - 1) report(`ends with "${part}", a condition must follow`);
    return count;
  }, 0);
}

function checkCondition(condition: unknown[], rules: FilterRules, report: Report): void {
  const [field, operator, value] = condition;
  if (condition.length !== 3)
    return report(`condition ${JSON.stringify(condition)} must have a field, an operator and a value`);
  checkField(String(field), rules.known, report);
  if (typeof operator !== 'string' || !rules.operators.includes(operator)) {
    report(`operator ${JSON.stringify(operator)} is not one of ${rules.operators.join(', ')}`);
  }
  const takesList = operator === 'in' || operator === 'not_in';
  const shape = takesList ? z.array(scalar).min(1) : scalar;
  if (!shape.safeParse(value).success)
    report(`${JSON.stringify(operator)} takes ${takesList ? 'a list of values' : 'one value'}`);
}

function checkField(field: string, known: FieldList | null, report: Report): void {
  if (known === null || known.fields.includes(field)) return;
  if (known.maps.some((map) => field.startsWith(`${map}.`) && field.length > map.length + 1)) return;
  const near = nearest(field, [...known.fields, ...known.maps]);
  report(`field ${JSON.stringify(field)} does not exist here${near ? `, did you mean \`${near}\`?` : ''}`);
}
