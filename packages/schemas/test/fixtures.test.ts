import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ENDPOINTS, requestOf, STATUS_OK, upstreamEnvelope, upstreamResult } from '../src/index.js';

const sampled = ['bulk_backlinks', 'bulk_pages_summary', 'referring_domains'] as const;

/** The published sample answer of an endpoint, as JSON. */
function sample(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
}

function onlyTask(answer: unknown) {
  const task = upstreamEnvelope.parse(answer).tasks?.[0];
  if (!task) throw new Error('the sample has a task');
  return task;
}

describe.each(sampled)('the published answer of %s', (name) => {
  const endpoint = ENDPOINTS[name];
  const answer = sample(name);
  const task = onlyTask(answer);
  const result = upstreamResult.parse(task.result?.[0]);

  it('comes out of the envelope untouched', () => {
    expect(upstreamEnvelope.parse(answer)).toEqual(answer);
    expect(task.status_code).toBe(STATUS_OK);
    expect(task.cost).toBe(upstreamEnvelope.parse(answer).cost);
    expect(task.path).toEqual(['v3', 'backlinks', name, 'live']);
  });

  it('has a result that comes out untouched', () => {
    expect(task.result).toHaveLength(1);
    expect(result).toEqual(task.result?.[0]);
    expect(result.items).toHaveLength(result.items_count ?? Number.NaN);
  });

  it('has items that come out untouched', () => {
    for (const item of result.items ?? []) expect(endpoint.item.parse(item)).toEqual(item);
  });

  it('echoes a request that ours would be', () => {
    const { api, function: calledAs, ...request } = z.looseObject({}).parse(task.data);
    expect({ api, calledAs }).toEqual({ api: 'backlinks', calledAs: name });
    expect(requestOf(endpoint).parse(request)).toEqual(endpoint.kind === 'bulk' ? request : { ...request, offset: 0 });
  });

  it('may have fields that nobody knows yet, at every level', () => {
    const item = { ...result.items?.[0], new_metric: { deep: [1, null] } };
    expect(endpoint.item.parse(item)).toEqual(item);
    const wider = { ...result, items: [item, null], new_total: 1 };
    expect(upstreamResult.parse(wider)).toEqual(wider);
    const widest = {
      version: null,
      status_code: STATUS_OK,
      tasks: [{ ...task, result: [wider], shard: 'b' }],
      region: 1,
    };
    expect(upstreamEnvelope.parse(widest)).toEqual(widest);
  });

  it('may have null for everything but the name of its target', () => {
    const named = endpoint.kind === 'bulk' ? endpoint.targetField : null;
    const item = Object.fromEntries(
      Object.keys(endpoint.item.shape).map((field) => [field, field === named ? 'example.com' : null]),
    );
    expect(endpoint.item.parse(item)).toEqual(item);
  });
});

describe('the envelope', () => {
  it.each([
    { status_code: 40100, status_message: 'You are not Authorized.', tasks_count: 0, tasks_error: 0, tasks: null },
    { status_code: 40100, tasks_count: 0, tasks_error: 1, tasks: [] },
    { status_code: 50000 },
    { status_code: STATUS_OK, tasks: [null] },
    { status_code: STATUS_OK, tasks: [{ id: null, status_code: 40501, cost: 0, result_count: 0, result: null }] },
    { status_code: STATUS_OK, tasks: [{ status_code: STATUS_OK, result: [null] }] },
  ])('of a failure is readable: %j', (answer) => {
    expect(upstreamEnvelope.parse(answer)).toEqual(answer);
  });

  it.each([null, [], 'Bad Gateway', {}, { status_code: '20000' }])('is not %j', (answer) => {
    expect(upstreamEnvelope.safeParse(answer).success).toBe(false);
  });
});
