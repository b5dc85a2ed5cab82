import { invalidRequest } from '../problem.js';
import type { CsvOptions } from '../results/csv.js';

interface CsvQuery {
  readonly format: string;
  readonly spreadsheet?: '1' | undefined;
}

/** `spreadsheet`, of every CSV. */
export function csvOptionsOf({ format, spreadsheet }: CsvQuery): CsvOptions {
  if (spreadsheet !== undefined && format !== 'csv') throw invalidRequest('spreadsheet', 'goes with format=csv');
  return { spreadsheet: spreadsheet !== undefined };
}
