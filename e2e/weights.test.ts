import { afterAll, beforeAll, expect, it } from 'vitest';
import { domains, HOLDING } from './harness.js';
import { startTenants, type Tenants } from './tenants.js';

const CALLS = 120;
/** The account's slots and a few more: dispatched calls may reach the upstream in another order. */
const WINDOW = 3 + 8;

let tenants: Tenants;
beforeAll(async () => {
  tenants = await startTenants({
    workers: 2,
    env: {
      UPSTREAM_MAX_IN_FLIGHT: '3',
      UPSTREAM_MAX_PER_MINUTE: '60000',
      BACKLINKS_MAX_PER_MINUTE: '60000',
      ...HOLDING,
    },
  });
});
afterAll(() => tenants.world.stop());

it('a tenant of weight three sends three calls for one, until it has none left', async () => {
  const {
    world,
    clients: { alpha, beta, admin },
  } = tenants;
  expect(await admin.setTenant('alpha', { weight: 3 })).toMatchObject({ weight: 3 });
  const fields = { endpoint: 'domain_pages', start: 'manual' } as const;
  const heavy = await alpha.submit(fields, domains(CALLS));
  const light = await beta.submit(fields, domains(CALLS));
  const planned = () => Promise.all([alpha.job(heavy.id), beta.job(light.id)]);
  await expect.poll(planned).toMatchObject([{ calls: { planned: CALLS } }, { calls: { planned: CALLS } }]);
  await world.settings({ hold: true });
  await Promise.all([alpha.resume(heavy.id), beta.resume(light.id)]);
  // No call ends until both jobs are running, so that neither is half over when the other begins.
  await world.arrived(heavy.id, 1);
  await expect.poll(planned).toMatchObject([{ status: 'running' }, { status: 'running' }]);
  await world.settings({ hold: false, latency_ms: 50 });
  await Promise.all([alpha.waitFor(heavy.id), beta.waitFor(light.id)]);

  const { requests } = await world.record();
  const senders = requests.flatMap(({ tag }) => {
    const id = tag?.split('.')[0];
    return id === heavy.id ? ['alpha'] : id === light.id ? ['beta'] : [];
  });
  expect(senders).toHaveLength(2 * CALLS);
  // Calls that were dispatched for the first resumed job went first.
  const both = Math.max(senders.indexOf('alpha'), senders.indexOf('beta'));
  const shared = senders.slice(both + 2 * WINDOW, senders.lastIndexOf('alpha') - WINDOW);
  const share = shared.filter((sender) => sender === 'alpha').length;
  expect(share).toBeGreaterThan(WINDOW);
  // With equal shares, one tenant would have two thirds of all calls.
  expect(Math.abs(shared.length - share - share / 3)).toBeLessThanOrEqual(2 * WINDOW);
});
