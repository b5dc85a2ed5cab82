import { storeAnswer } from '@linkhaul/storage';
import { expect, it } from 'vitest';
import { openHoldingUpstream } from '../holding-upstream.js';
import { targetsNamed } from '../planned-targets.js';
import { runWorker } from '../run-worker.js';
import { openTestWorker } from '../test-worker.js';

it('settles the answer of the attempt before, which came after all, and sends the call no second time', async () => {
  const testWorker = await openTestWorker();
  const { plan, send, services } = testWorker;
  const job = await plan([targetsNamed(['a.com'])]);
  const [sent = expect.fail('the call was not sent')] = await send(job);
  await services.ledger.markUnknown(sent, { by: 'another', lookUpAfterMs: 0 });
  await services.ledger.resolve(sent, { kind: 'not_executed', cost: 0 }, 'deaths');
  const { call, attempt, nonce, sentAt } = sent;
  const came = { failures: 0, worker: 'another', answeredAt: sentAt, httpStatus: 200, statusCode: 20_000 };
  const outcome = { kind: 'bulk', items: [0] } as const;
  const header = { call, attempt, nonce, sentAt, ...came, simulated: true, taskId: 'one', cost: 7, outcome };
  const body = Buffer.from('{"tasks":[{"result":[{"items":[{"target":"a.com"}]}]}]}');
  await storeAnswer(services.storage, job, { header, body });
  const upstream = await openHoldingUpstream();
  await runWorker(testWorker, upstream.url);
  const settled = expect.poll(async () => (await services.store.get(job))?.counts.open).toBe(0);
  expect(await Promise.race([settled.then(() => 'settled'), upstream.first().then(() => 'sent')])).toBe('settled');
  expect((await services.store.get(job))?.counts).toMatchObject({ ok: 1, attempts: 1, spent: 7 });
});
