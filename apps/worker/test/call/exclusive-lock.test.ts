import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createExclusiveLock } from '../../src/call/exclusive-lock.js';

const never = new AbortController().signal;

/** A promise that the test resolves. */
function open() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end, ended };
}

it('runs no call beside an exclusive one, and starts calls in the order in which they came', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 30 }), fc.scheduler(), async (calls, scheduler) => {
      const lock = createExclusiveLock();
      const running = new Set<number>();
      const begun: number[] = [];
      const all = calls.map((_, at) =>
        lock.run(
          async () => {
            begun.push(at);
            running.add(at);
            const isBroken = [...running].some((other) => running.size > 1 && calls[other]);
            await scheduler.schedule(Promise.resolve(), `call ${at} ends`);
            running.delete(at);
            expect(isBroken).toBe(false);
          },
          { exclusive: calls[at] ?? false, signal: never },
        ),
      );
      await scheduler.waitIdle();
      expect(await Promise.all(all)).toEqual(calls.map(() => true));
      expect(begun).toEqual(calls.map((_, at) => at));
    }),
  );
});

it('runs shared calls at the same time', async () => {
  const lock = createExclusiveLock();
  const [first, second] = [open(), open()];
  const both = [first, second].map(({ ended, end }) => {
    end();
    return lock.run(() => Promise.all([first.ended, second.ended]).then(() => ended), {
      exclusive: false,
      signal: never,
    });
  });
  expect(await Promise.all(both)).toEqual([true, true]);
});

it('runs the next call after one that failed', async () => {
  const lock = createExclusiveLock();
  const failing = lock.run(() => Promise.reject(new Error('broken')), { exclusive: true, signal: never });
  await expect(failing).rejects.toThrow('broken');
  expect(await lock.run(() => Promise.resolve(), { exclusive: true, signal: never })).toBe(true);
});

it('stops waiting when its signal is aborted, and no longer holds up the calls behind it', async () => {
  const lock = createExclusiveLock();
  const call = open();
  const stop = new AbortController();
  const first = lock.run(() => call.ended, { exclusive: false, signal: never });
  const alone = lock.run(() => Promise.reject(new Error('not to be run')), { exclusive: true, signal: stop.signal });
  const behind = lock.run(() => Promise.resolve(), { exclusive: false, signal: never });
  stop.abort();
  expect(await alone).toBe(false);
  expect(await behind).toBe(true);
  call.end();
  expect(await first).toBe(true);
  expect(await lock.run(() => Promise.resolve(), { exclusive: false, signal: stop.signal })).toBe(false);
});
