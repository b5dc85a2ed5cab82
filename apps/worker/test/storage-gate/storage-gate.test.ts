import { expect, it } from 'vitest';
import { createStorageGate } from '../../src/storage-gate/storage-gate.js';

const never = new AbortController().signal;

it('is open while storing works', async () => {
  const gate = createStorageGate();
  await gate.guard(() => Promise.resolve());
  await expect(gate.open(never)).resolves.toBeUndefined();
});

it('is shut from the first failure until every answer is stored', async () => {
  const gate = createStorageGate();
  const steps = [deferred(), deferred()];
  const guarded = steps.map((step) =>
    gate.guard(async (failed) => {
      failed(new Error('the disk is full'));
      await step.promise;
    }),
  );
  let opened = false;
  const open = gate.open(never).then(() => {
    opened = true;
  });
  steps[0]?.resolve();
  await guarded[0];
  expect(opened).toBe(false);
  steps[1]?.resolve();
  await guarded[1];
  await open;
  expect(opened).toBe(true);
});

it('is shut for a reason until the reason is removed', async () => {
  const gate = createStorageGate();
  gate.set('redis memory', 'Redis is nearly full');
  gate.set('redis memory', 'Redis is nearly full');
  let opened = false;
  const open = gate.open(never).then(() => {
    opened = true;
  });
  await gate.guard(() => Promise.resolve());
  expect(opened).toBe(false);
  expect(gate.shutBy()).toBe('Redis is nearly full');
  gate.set('redis memory', null);
  await open;
  expect(opened).toBe(true);
  expect(gate.shutBy()).toBeNull();
});

it('does not hold up a process that stops', async () => {
  const gate = createStorageGate();
  void gate.guard(async (failed) => {
    failed(new Error('the disk is full'));
    await new Promise(() => undefined);
  });
  const stop = new AbortController();
  const open = gate.open(stop.signal);
  stop.abort();
  await open;
});

function deferred() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
