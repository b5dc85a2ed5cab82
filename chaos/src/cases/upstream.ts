import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../case.js';
import type { World } from '../world.js';

const AWAY_MS = 4_000;
const HITS = 3;

/** Some calls have a fault, the others do not. */
const hits =
  (fault: Readonly<Record<string, unknown>>, count = HITS) =>
  (world: World) =>
    world.upstream.fault({ ...fault, count });

/** What the upstream does. */
export const UPSTREAM: readonly Case[] = [
  {
    name: 'upstream-refusing',
    what: 'every call is refused for seconds (HTTP 500)',
    async disturb({ upstream }) {
      await upstream.fault({ kind: 'http', http_status: 500, body: 'none' });
      await sleep(AWAY_MS);
      await upstream.clearFaults();
    },
  },
  {
    name: 'upstream-hanging',
    what: 'some calls are never answered, though they are charged',
    boughtAgain: HITS,
    disturb: hits({ kind: 'hang' }),
  },
  {
    name: 'upstream-dripping',
    what: 'some answers come in small pieces',
    disturb: hits({ kind: 'slow_body', duration_ms: 3_000 }),
  },
  {
    name: 'upstream-redirecting',
    what: 'some calls are redirected (HTTP 302), and not charged',
    disturb: hits({ kind: 'http', http_status: 302, body: 'html' }),
  },
  {
    name: 'upstream-garbage',
    what: 'some answers are a page of HTML, and not charged',
    disturb: hits({ kind: 'not_json', charged: false }),
  },
  {
    name: 'upstream-cut',
    what: 'some answers end in the middle, though they are charged',
    boughtAgain: HITS,
    disturb: hits({ kind: 'truncated' }),
  },
  {
    name: 'upstream-reset',
    what: 'some connections break after the call was executed',
    boughtAgain: HITS,
    disturb: hits({ kind: 'reset_after' }),
  },
  {
    name: 'upstream-lying',
    what: 'some answers are those of other tasks',
    boughtAgain: HITS,
    disturb: hits({ kind: 'wrong_task' }),
  },
];
