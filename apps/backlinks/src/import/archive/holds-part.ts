import type { Fields } from './fields.js';

const PARTIAL_CONTENT = 206;

/** Whether a record says that it has not all of its page: its crawler stopped, other records go on, or a stretch was asked for. */
export function holdsPart(record: Fields, status: number | null): boolean {
  const isStretch = status === PARTIAL_CONTENT;
  return isStretch || record.get('warc-truncated') !== undefined || record.get('warc-segment-number') !== undefined;
}
