import type { Row, RowErrorCode } from '@linkhaul/schemas';

/** How many rows have an error with this code. */
export interface FailureCount {
  readonly code: RowErrorCode;
  readonly status: Row['status'];
  readonly rows: number;
  /** Rows without duplicates, which are not bought. */
  readonly bought: number;
  readonly examples: readonly Example[];
}

interface Example {
  readonly line: number;
  readonly target: string;
  readonly message: string;
}

export interface Counted {
  readonly counts: readonly FailureCount[];
  readonly rows: number;
  /** False if there are more rows than were counted. */
  readonly isWhole: boolean;
}

type FailedRow = Pick<Row, 'status' | 'line' | 'input' | 'target' | 'duplicate_of' | 'error'>;

const EXAMPLES = 3;
/** Counting more rows would take minutes. */
const MOST_ROWS = 200_000;

/** Counts rows while they are read, and reports its progress now and then. The most frequent code comes first. */
export async function countFailures(
  rows: AsyncIterable<FailedRow>,
  onCounted: (counted: Counted) => void,
  most = MOST_ROWS,
): Promise<Counted> {
  const counts = new Map<RowErrorCode, FailureCount>();
  let number = 0;
  for await (const row of rows) {
    if (row.error === null) continue;
    if (number === most) return counted(counts, number, false);
    number++;
    counts.set(row.error.code, withRow(counts.get(row.error.code), row, row.error));
    if (number % 5000 === 0) onCounted(counted(counts, number, false));
  }
  return counted(counts, number, true);
}

function withRow(count: FailureCount | undefined, row: FailedRow, error: NonNullable<Row['error']>): FailureCount {
  const { rows, bought, examples } = count ?? { rows: 0, bought: 0, examples: [] };
  const example = { line: row.line, target: row.target ?? row.input, message: error.message };
  return {
    code: error.code,
    status: row.status,
    rows: rows + 1,
    bought: bought + (row.duplicate_of === null ? 1 : 0),
    examples: examples.length < EXAMPLES ? [...examples, example] : examples,
  };
}

function counted(counts: ReadonlyMap<RowErrorCode, FailureCount>, rows: number, isWhole: boolean): Counted {
  return { counts: [...counts.values()].sort((a, b) => b.rows - a.rows), rows, isWhole };
}
