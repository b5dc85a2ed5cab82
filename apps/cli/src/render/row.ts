import type { Row } from '@linkhaul/schemas';
import { printable } from './printable.js';

/** Line, status, target and error of a row, with tabs between. An invalid row has its input as the target. */
export function rowLine({ line, status, target, input, error }: Pick<Row, RowFields>): string {
  const cells = [String(line), status, target ?? input, error === null ? '' : `${error.code}: ${error.message}`];
  return cells.map(printable).join('\t').trimEnd();
}

type RowFields = 'line' | 'status' | 'target' | 'input' | 'error';
