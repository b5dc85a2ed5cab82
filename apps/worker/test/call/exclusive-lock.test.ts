import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSolitude } from '../../src/call/exclusive-lock.js';

const never = new AbortController().signal;

/** A call that ends when it is told to. */
function open() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end, ended };
}

it('never runs a call that is to be alone beside another, and runs each in its turn', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 30 }), fc.scheduler(), async (calls, scheduler) => {
      const solitude = createSolitude();
      const running = new Set<number>();
      const begun: number[] = [];
      const all = calls.map((alone, at) =>
        solitude.run(
          async () => {
            begun.push(at);
            running.add(at);
            const isBroken = [...running].some((other) => running.size > 1 && calls[other]);
            await scheduler.schedule(Promise.resolve(), `call ${at} ends`);
            running.delete(at);
            expect(isBroken).toBe(false);
          },
          { alone, signal: never },
        ),
      );
      await scheduler.waitIdle();
      expect(await Promise.all(all)).toEqual(calls.map(() => true));
      expect(begun).toEqual(calls.map((_, at) => at));
    }),
  );
});

it('runs calls that may be together at once', async () => {
  const solitude = createSolitude();
  const [first, second] = [open(), open()];
  const both = [first, second].map(({ ended, end }) => {
    end();
    return solitude.run(() => Promise.all([first.ended, second.ended]).then(() => ended), {
      alone: false,
      signal: never,
    });
  });
  expect(await Promise.all(both)).toEqual([true, true]);
});

it('lets others run after one that fails', async () => {
  const solitude = createSolitude();
  const failing = solitude.run(() => Promise.reject(new Error('broken')), { alone: true, signal: never });
  await expect(failing).rejects.toThrow('broken');
  expect(await solitude.run(() => Promise.resolve(), { alone: true, signal: never })).toBe(true);
});

it('waits no more when it is told so, and holds nobody up for it', async () => {
  const solitude = createSolitude();
  const call = open();
  const stop = new AbortController();
  const first = solitude.run(() => call.ended, { alone: false, signal: never });
  const alone = solitude.run(() => Promise.reject(new Error('not to be run')), { alone: true, signal: stop.signal });
  const behind = solitude.run(() => Promise.resolve(), { alone: false, signal: never });
  stop.abort();
  expect(await alone).toBe(false);
  expect(await behind).toBe(true);
  call.end();
  expect(await first).toBe(true);
  expect(await solitude.run(() => Promise.resolve(), { alone: false, signal: stop.signal })).toBe(false);
});
