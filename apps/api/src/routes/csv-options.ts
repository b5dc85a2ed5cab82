import { invalidRequest } from '../problem.js';
import type { CsvOptions } from '../results/csv.js';

interface CsvQuery {
  readonly format: string;
  readonly spreadsheet?: '1' | undefined;
}

/** The options of a CSV, from the query of its route. */
export function csvOptionsOf({ format, spreadsheet }: CsvQuery): CsvOptions {
  if (spreadsheet !== undefined && format !== 'csv') throw invalidRequest('spreadsheet', 'goes with format=csv');
  return { spreadsheet: spreadsheet !== undefined };
}
