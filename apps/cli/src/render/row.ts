import type { Row } from '@linkhaul/schemas';
import { printable } from './printable.js';

/** A row in one line, by tabs: line, status, target (the input where it is none), error. */
export function rowLine({ line, status, target, input, error }: Pick<Row, RowFields>): string {
  const cells = [String(line), status, target ?? input, error === null ? '' : `${error.code}: ${error.message}`];
  return cells.map(printable).join('\t').trimEnd();
}

type RowFields = 'line' | 'status' | 'target' | 'input' | 'error';
