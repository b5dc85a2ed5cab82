import { job as jobSchema } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jobView, refOf } from '../../src/index.js';
import { newJobFields } from '../../src/job/new-job.js';
import { parseJobRecord } from '../../src/job/records.js';
import { acceptJob, describeJob } from '../accept-job.js';
import { send } from '../messages.js';
import { DOUBT, openSpace, recordOf, settlement } from '../planning/space.js';

test('a view fits the schema at every step of a job', async () => {
  const space = await openSpace();
  const webhook = { url: 'https://example.com/hook', events: ['job.completed'], allowPrivate: false };
  const job = await acceptJob(
    space,
    { valid: 10, invalid: 2, duplicates: 1, estimatedNanos: Number.MAX_SAFE_INTEGER },
    { webhook, metadata: { customer: 'Jürgen' }, params: { limit: 1 } },
  );
  const view = async () => jobSchema.parse(jobView(await recordOf(space, job)));
  expect(await view()).toMatchObject({
    status: 'queued',
    progress: 2 / 12,
    rows: { total: 12, pending: 10, invalid: 2 },
  });
  await space.jobSteps.act(job, { action: 'plan', by: 'system' });
  await space.jobSteps.planned(job, { roots: 1, callsPerPart: 1, manual: false });
  expect(await view()).toMatchObject({ status: 'running', calls: { planned: 1 } });
  const at = await send(space, { reserve: 24_036_000 });
  expect(await view()).toMatchObject({ calls: { in_flight: 1 }, cost: { reserved_usd: 0.024036 } });
  await space.ledger.markUnknown(at, DOUBT);
  expect(await view()).toMatchObject({ calls: { unknown: 1 }, cost: { unconfirmed_usd: 0.024036, reserved_usd: 0 } });
  await space.ledger.settle(at, settlement({ ok: 10, items: 10, cost: 24_036_000, simulated: true }));
  await space.jobSteps.finish(job);
  expect(await view()).toMatchObject({
    status: 'completed',
    outcome: 'complete',
    progress: 1,
    upstream: { simulated: true },
    cost: { spent_usd: 0.024036 },
    webhook: { url: webhook.url, events: webhook.events },
  });
});

test('a new record reads as it was written', () => {
  const count = fc.nat(10_000_000);
  const counts = fc.record({ valid: count, invalid: count, duplicates: count, estimatedNanos: fc.maxSafeNat() });
  const optional = fc.option(fc.integer({ min: 1, max: 8_000_000_000_000 }));
  const allBounds = fc.record({ maxCost: optional, deadline: optional });
  fc.assert(
    fc.property(counts, allBounds, (accepted, bounds) => {
      const description = describeJob({ metadata: { customer: 'a' }, keep_www: true });
      const fields = Object.entries(newJobFields({ description, counts: accepted, bounds })).map(([name, value]) => [
        name,
        String(value),
      ]);
      const record = parseJobRecord(refOf(description), Object.fromEntries(fields), []);
      expect(record?.description).toEqual(description);
      expect(record?.counts).toMatchObject({ estimated: accepted.estimatedNanos, pending: accepted.valid });
      expect(record?.bounds).toEqual(bounds);
      if (record !== null) jobSchema.parse(jobView(record));
    }),
  );
  expect(parseJobRecord({ tenant: 'tenant', id: 'job' }, {}, [])).toBeNull();
});
