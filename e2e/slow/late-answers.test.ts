import { expect } from 'vitest';
import { z } from 'zod';
import { HOLDING, nanos, SOON_DEAD, test, WHILE_POLLING, type World } from '../harness.js';

const answer = z.object({
  tasks: z.array(
    z.looseObject({
      id: z.string(),
      status_code: z.number(),
      cost: z.number(),
      result: z.array(z.looseObject({})).nullable(),
    }),
  ),
});

async function ask({ apiUrl }: World, path: string, body?: unknown) {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const { tasks } = answer.parse(await (await fetch(`${apiUrl}/v3/backlinks/${path}`, init)).json());
  if (tasks[0] === undefined) throw new Error('there is no task');
  return tasks[0];
}

test('an answer that comes after the time of its client is kept, found, and given to those who ask the same', async ({
  open,
}) => {
  // A client waits for 48 s. Were times scaled down further, a busy worker would be taken for dead.
  const world = await open({ ...SOON_DEAD, ...HOLDING });
  await world.settings({ hold: true });
  const posted = [{ targets: ['google.com'] }];
  const late = await ask(world, 'bulk_backlinks/live', posted);
  expect(late).toMatchObject({ status_code: 50401, cost: 0, result: null });
  await world.settings({ hold: false });
  const entries = async () => {
    const times = { datetime_from: '2026-11-01 00:00:00 +00:00', datetime_to: '2100-01-01 00:00:00 +00:00' };
    return (await ask(world, 'id_list', [times])).result;
  };
  await expect.poll(entries, WHILE_POLLING).toMatchObject([{ id: late.id, status: '20000' }]);
  const { totals } = await world.record();
  const kept = await ask(world, `task_get/${late.id}`);
  expect([nanos(kept.cost), kept.status_code]).toEqual([nanos(totals.cost_usd), 20000]);

  const again = await ask(world, 'bulk_backlinks/live', posted);
  expect(again).toMatchObject({ id: late.id, status_code: 20000, cost: 0, result: kept.result });
  expect((await world.record()).totals.requests).toBe(totals.requests);
});
