import { EventEmitter, getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { nextEvent } from '../../src/redis/next-event.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const words = new EventEmitter();
const life = new AbortController();
afterEach(() => {
  expect(words.listenerCount('turn')).toBe(0);
  expect(getEventListeners(life.signal, 'abort')).toEqual([]);
});

it('ends with a word', async () => {
  const heard = nextEvent(words, 'turn', { ms: 60_000, signal: life.signal });
  words.emit('turn');
  await heard;
});

it('ends with the time, wherever the garbage collector ran meanwhile', async () => {
  const collecting = setInterval(collectGarbage, 5);
  await nextEvent(words, 'turn', { ms: 60, signal: life.signal });
  clearInterval(collecting);
});

it('ends with the signal, also when that was before', async () => {
  const ending = new AbortController();
  const heard = nextEvent(words, 'turn', { ms: 60_000, signal: ending.signal });
  ending.abort();
  await heard;
  await nextEvent(words, 'turn', { ms: 60_000, signal: ending.signal });
});
