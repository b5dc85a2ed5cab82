import type { Change } from '@linkhaul/schemas';

/** A sum over the rows that are known in both runs. */
export interface ComparedTotal {
  readonly before: number;
  readonly after: number;
}

/** 0 if there is no number. */
export function numberAt(values: Change['before'], name: string): number {
  const value = values?.[name];
  return typeof value === 'number' ? value : 0;
}
