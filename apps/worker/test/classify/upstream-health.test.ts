import { expect, it } from 'vitest';
import type { Decision } from '../../src/classify/classify-reply.js';
import { upstreamHealth } from '../../src/classify/upstream-health.js';

const facts = (statusCode: number | null) => ({ statusCode, message: '', cost: 0, taskId: null, task: 0 });

it.each<[string, Decision, string]>([
  ['an answer', { action: 'empty', facts: facts(40102) }, 'answered'],
  ['a refused call', { action: 'fail', facts: facts(40400) }, 'answered'],
  ['a task that asks to be sent again', { action: 'retry', facts: facts(40103) }, 'answered'],
  ['a 5xxxx', { action: 'retry', facts: facts(50000) }, 'failing'],
  ['no readable answer', { action: 'unknown', why: 'HTTP 500', kept: null }, 'failing'],
  ['an answer that is not understood', { action: 'unreadable', facts: facts(20000) }, 'neither'],
  ['no connection', { action: 'unsent', why: 'ECONNREFUSED' }, 'failing'],
  ['an account that is too fast', { action: 'slow', facts: facts(40202), waitMs: 1, met: 'rate' }, 'neither'],
  ['an account without money', { action: 'pause', facts: facts(40200), reason: 'upstream_funds' }, 'neither'],
])('%s tells of the upstream', (_, decision, health) => {
  expect(upstreamHealth(decision)).toBe(health);
});
