import { ENDPOINTS, type Endpoint, EXCLUDED_MARK } from '@linkhaul/schemas';
import type { ApiProblem } from '../problem.js';
import { refusedLine } from './list/read-list.js';
import type { InputRow } from './submission.js';

/** Makes a row of a set, whose members come from a list or several columns. A member has no white space. */
export function rowOfSet(at: Pick<InputRow, 'line' | 'id'>, members: readonly string[]): InputRow {
  const texts = members.map((member) => member.trim()).filter((member) => member !== '');
  const input = texts.join(' ');
  const isSound = !texts.some((text) => /\s/.test(text));
  return { ...at, input, isSet: true, ...(!isSound && { fault: 'whitespace' }) };
}

/** The text of a cell in a column for excluded targets. */
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
