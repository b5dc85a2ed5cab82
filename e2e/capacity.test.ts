import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@linkhaul/stack';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { domains, HOLDING, startWorld, type World } from './harness.js';

const IN_FLIGHT = 4;

let world: World;
beforeAll(async () => {
  world = await startWorld({
    workers: 2,
    env: {
      ...HOLDING,
      UPSTREAM_MAX_IN_FLIGHT: String(IN_FLIGHT),
      BACKLINKS_LATENCY_MS: '300',
      WORKER_CONCURRENCY: '4',
    },
  });
});
afterAll(() => world.stop());

it('says what the account may do, what it does, and when a job will end', async () => {
  // This waits until the workers have read the account, which takes a slot for a moment.
  await expect
    .poll(() => world.client.capacity())
    .toMatchObject({
      limits: { requests_per_minute: 2000, in_flight: IN_FLIGHT, in_flight_now: IN_FLIGHT },
      in_use: { in_flight: 0 },
      paused: null,
      bound_by: null,
      workers: { live: 2, places: 8, useful_max: 1 },
    });
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(40));
  await world.arrived(id, 20);
  await world.settings({ hold: true });
  await expect
    .poll(() => world.client.capacity())
    .toMatchObject({ in_use: { in_flight: IN_FLIGHT }, bound_by: 'upstream_in_flight' });
  const during = await world.client.capacity();
  expect(during.in_use.last_minute).toBeGreaterThanOrEqual(20);
  expect(during.latency_ms).toBeGreaterThanOrEqual(300);
  await expect
    .poll(() => world.client.job(id))
    .toMatchObject({ status: 'running', bound_by: 'upstream_in_flight', eta_ms: expect.any(Number) });
  await world.settings({ hold: false });
  expect(await world.client.waitFor(id)).toMatchObject({ status: 'completed', eta_ms: null, bound_by: null });
});

it('shows why the account waits', async () => {
  await world.fault({ kind: 'status', code: 40202, count: 1 });
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, ['slow.com']);
  await expect.poll(() => world.client.capacity()).toMatchObject({ paused: { reason: 'rate' } });
  expect(await world.client.waitFor(id)).toMatchObject({ status: 'completed', outcome: expect.any(String) });
});

const trigger = z.object({ name: z.string(), metadata: z.object({ url: z.string(), valueLocation: z.string() }) });
const scaled = z.object({
  spec: z.object({
    advanced: z.object({ scalingModifiers: z.object({ formula: z.string() }) }),
    triggers: z.array(trigger),
  }),
});

it('is what workers are scaled by in Kubernetes', async () => {
  const text = await readFile(join(repositoryRoot, 'deploy/kubernetes/keda/scaled-object.yaml'), 'utf8');
  const documents = parseAllDocuments(text, { merge: true }).map((document) => document.toJS());
  const { advanced, triggers } = scaled.parse(documents.find(({ kind }) => kind === 'ScaledObject')).spec;
  const names = triggers.map(({ name }) => name);
  expect(advanced.scalingModifiers.formula.match(/[a-z_]+/g)?.filter((word) => !names.includes(word))).toEqual([]);
  for (const { name, metadata } of triggers) {
    expect(advanced.scalingModifiers.formula).toContain(name);
    const answer = await fetch(`${world.apiUrl}${new URL(metadata.url).pathname}`);
    const value = metadata.valueLocation
      .split('.')
      .reduce<unknown>((part, key) => z.record(z.string(), z.unknown()).parse(part)[key], await answer.json());
    expect(value, name).toEqual(expect.any(Number));
  }
});
