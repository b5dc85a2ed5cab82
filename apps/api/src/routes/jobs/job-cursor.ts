import { isJobId } from '@linkhaul/jobs';
import { unknownCursor } from '../../results/cursor.js';

/** The id of the last job of the previous page. Ids sort by age, so that job may have been deleted since. */
export function jobCursor(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!isJobId(text)) throw unknownCursor();
  return text;
}
