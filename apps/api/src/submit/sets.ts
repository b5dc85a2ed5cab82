import { ENDPOINTS, type Endpoint, EXCLUDED_MARK } from '@linkhaul/schemas';
import type { ApiProblem } from '../problem.js';
import { refusedLine } from './list/read-list.js';
import type { InputRow } from './submission.js';

/** A set of targets, whose members stand in a list or in several columns, as a row. A member holds no white space. */
export function rowOfSet(at: Pick<InputRow, 'line' | 'id'>, members: readonly string[]): InputRow {
  const texts = members.map((member) => member.trim()).filter((member) => member !== '');
  const input = texts.join(' ');
  const isSound = !texts.some((text) => /\s/.test(text));
  return { ...at, input, isSet: true, ...(!isSound && { fault: 'whitespace' }) };
}

/** A cell of an excluded target. */
export function excluded(cell: string): string {
  const text = cell.trim();
  return text === '' || text.startsWith(EXCLUDED_MARK) ? text : EXCLUDED_MARK + text;
}

export function setNotTaken({ line }: InputRow, { name }: Endpoint): ApiProblem {
  const takers = Object.values<Endpoint>(ENDPOINTS).flatMap((endpoint) =>
    endpoint.kind === 'set' ? [endpoint.name] : [],
  );
  const detail = `Row ${line} is a set of targets, and ${name} takes one target a row. Sets are for ${takers.join(' and ')}.`;
  return refusedLine(line, { code: 'set_not_taken', detail });
}
