import { readAnswer } from '@linkhaul/storage';
import { expect, it } from 'vitest';
import { actOnDecision } from '../../src/call/act-on-decision.js';
import { targetsNamed } from '../planned-targets.js';
import { openTestWorker } from '../test-worker.js';
import { judgedAnswer } from '../upstream-answer.js';

const deferred = { state: 'planned', attempt: 1 };
/** Why the job pauses, or will fail. */
const REASONS = new Map([
  [40200, 'upstream_funds'],
  [40506, 'upstream_rejected: 40506 said so'],
]);
const failed = { kind: 'failed', code: 'upstream_rejected' };

it.each([
  { code: 40103, live: { ...deferred, failures: 1 }, outcome: { kind: 'deferred', countsAs: 'failure' } },
  { code: 40202, live: { ...deferred, failures: 0 }, outcome: { kind: 'deferred', countsAs: 'nothing' } },
  { code: 40205, live: { ...deferred, failures: 0 }, outcome: { kind: 'deferred', countsAs: 'nothing' } },
  { code: 40200, live: { ...deferred, failures: 0 }, outcome: { kind: 'deferred', countsAs: 'nothing' } },
  { code: 40506, live: null, outcome: { ...failed, parameter: true } },
  { code: 40400, live: null, outcome: failed },
])('stores the answer with $code, and settles or defers the call', async ({ code, live, outcome }) => {
  const testWorker = await openTestWorker();
  const { services, redis, keys } = testWorker;
  const job = await testWorker.plan([targetsNamed(['a.com'])]);
  const [sent] = await testWorker.send(job);
  if (sent === undefined) throw new Error('the call was not sent');
  const task = {
    id: 't',
    status_code: code,
    status_message: 'said so',
    cost: 0,
    data: { tag: sent.tag },
    result: null,
  };
  const judged = judgedAnswer(sent, { status_code: 20000, tasks: [task] });
  await actOnDecision(sent, judged, services);
  const found = await readAnswer(services.storage, job, sent);
  expect(found.kind === 'there' && found.answer.header.outcome).toMatchObject(outcome);
  if (live === null) expect(await services.calls.live(sent)).toBeNull();
  else expect(await services.calls.live(sent)).toMatchObject(live);
  expect(await redis.exists(keys.accountWait('a'))).toBe(code === 40202 ? 1 : 0);
  expect((await services.store.get(job))?.reason).toBe(REASONS.get(code) ?? null);
});
