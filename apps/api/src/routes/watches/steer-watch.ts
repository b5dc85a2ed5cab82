import type { WatchRef } from '@linkhaul/jobs';
import type { Watch } from '@linkhaul/schemas';
import type { Services } from '../../services.js';
import { showWatch } from '../../watches/show-watch.js';
import { findWatch, noSuchWatch } from './find-watch.js';

/** Pauses or resumes a watch, and shows it. */
export async function steerWatch(ref: WatchRef, status: 'active' | 'paused', services: Services): Promise<Watch> {
  const { watches, snapshots } = services;
  if ((await watches.steer(await findWatch(ref, services), status)) === 'gone') throw noSuchWatch({ name: ref.name });
  await snapshots.keepTenant(ref.tenant);
  return showWatch(await findWatch(ref, services), services);
}
