import { rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { refuseWrites } from '@linkhaul/stack';
import type { Case } from '../case.js';
import type { World } from '../world.js';

const AWAY_MS = 4_000;
const SLOW_MS = 300;

/** What happens to storage. */
export const STORAGE: readonly Case[] = [
  {
    name: 'mount-gone',
    what: 'the folder of storage is away for seconds',
    async disturb({ storageDir }) {
      await rename(storageDir, `${storageDir}-away`);
      await sleep(AWAY_MS);
      await rename(`${storageDir}-away`, storageDir);
    },
  },
  {
    name: 'read-only',
    what: 'storage takes no writes for seconds',
    async disturb({ storageDir }) {
      const takeWrites = await refuseWrites(storageDir);
      await sleep(AWAY_MS);
      await takeWrites();
    },
  },
  {
    name: 'bucket-away',
    what: 'the bucket refuses everything for seconds (503 SlowDown)',
    place: 'bucket',
    disturb: (world) => whileTroubled(world, () => 'busy'),
  },
  {
    name: 'bucket-cut',
    what: "the bucket's connections are cut, before and after a request is done",
    place: 'bucket',
    disturb(world) {
      let request = 0;
      return whileTroubled(world, () => (request++ % 2 === 0 ? 'cut_request' : 'cut_answer'));
    },
  },
  {
    name: 'bucket-slow',
    what: 'the bucket takes 0.3 s for each request, for seconds',
    place: 'bucket',
    disturb: (world) => whileTroubled(world, () => sleep(SLOW_MS, null)),
  },
];

type TroubleOf = NonNullable<World['bucket']>['behaviour']['trouble'];

async function whileTroubled({ bucket }: World, trouble: TroubleOf): Promise<void> {
  if (bucket === null) throw new Error('this world has no bucket');
  bucket.behaviour.trouble = trouble;
  await sleep(AWAY_MS);
  bucket.behaviour.trouble = () => null;
}
