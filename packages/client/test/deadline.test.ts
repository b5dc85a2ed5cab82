import { getEventListeners, once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { withDeadline } from '../src/deadline.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

async function untilAborted(signal: AbortSignal): Promise<unknown> {
  if (!signal.aborted) await once(signal, 'abort');
  return signal.reason;
}

it('ends with the time, wherever the garbage collector ran meanwhile', async () => {
  const { signal } = new AbortController();
  const collecting = setInterval(collectGarbage, 5);
  const reason = await withDeadline(60, signal, untilAborted).finally(() => clearInterval(collecting));
  expect(reason).toMatchObject({ name: 'TimeoutError' });
});

it('ends with the given signal, for its reason, also when that was before', async () => {
  const parent = new AbortController();
  const ended = withDeadline(60_000, parent.signal, untilAborted);
  parent.abort('stop');
  expect(await ended).toBe('stop');
  expect(await withDeadline(60_000, parent.signal, untilAborted)).toBe('stop');
});

it('leaves nothing on the given signal, whatever became of the work', async () => {
  const { signal } = new AbortController();
  expect(await withDeadline(60_000, signal, async () => 'done')).toBe('done');
  await expect(withDeadline(60_000, signal, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
