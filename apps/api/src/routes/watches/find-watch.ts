import type { WatchRecord, WatchRef } from '@linkhaul/jobs';
import { watch, watchName } from '@linkhaul/schemas';
import { z } from 'zod';
import { ApiProblem } from '../../problem.js';
import type { Services } from '../../services.js';

/** The path parameter of routes of one watch. */
export const ofWatch = z.object({ name: watchName });

export const EXAMPLE_OF_WATCH = { name: 'weekly' };

export const watchAnswers = { 200: { description: 'The watch.', contents: { 'application/json': watch } } };

export function noSuchWatch({ name = '' }: Readonly<Record<string, string>>): ApiProblem {
  return new ApiProblem('not_found', `There is no watch ${name}.`);
}

export async function findWatch(ref: WatchRef, { watches }: Pick<Services, 'watches'>): Promise<WatchRecord> {
  const found = await watches.get(ref);
  if (found === null) throw noSuchWatch({ name: ref.name });
  return found;
}
