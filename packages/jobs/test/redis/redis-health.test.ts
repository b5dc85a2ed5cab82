import { expect, test } from 'vitest';
import { parseMemory, readMemory } from '../../src/redis/health.js';
import { openRedis } from '../redis.js';

test('the share of memory in use is of what Redis may use', () => {
  const info =
    '# Memory\r\nused_memory:850\r\nused_memory_human:850B\r\nmaxmemory:1000\r\nmaxmemory_human:1000B\r\nmaxmemory_policy:noeviction\r\n';
  expect(parseMemory(info)).toEqual({ policy: 'noeviction', share: 0.85 });
  expect(parseMemory(info.replace('maxmemory:1000', 'maxmemory:0')).share).toBe(0);
  expect(parseMemory('')).toEqual({ policy: null, share: 0 });
});

test('a real Redis says both', async () => {
  const { policy, share } = await readMemory(await openRedis());
  expect(policy).toBe('noeviction');
  expect(share).toBeGreaterThanOrEqual(0);
});
