import { expect, it } from 'vitest';
import { markUnknown } from '../../src/call/mark-unknown.js';
import { targetsNamed } from '../planned-targets.js';
import { openTestWorker } from '../test-worker.js';

it.each([
  { worker: 'works on', stopping: new AbortController().signal, orphan: false },
  { worker: 'stops', stopping: AbortSignal.abort(), orphan: true },
])(
  'counts a lost answer as the death of its worker only if the worker stops: $worker',
  async ({ stopping, orphan }) => {
    const testWorker = await openTestWorker();
    const job = await testWorker.plan([targetsNamed(['a.com'])]);
    const [sent] = await testWorker.send(job);
    if (sent === undefined) throw new Error('the call was not sent');
    await markUnknown(sent, { ...testWorker.services, stopping });
    expect(await testWorker.services.calls.live(sent)).toMatchObject({ state: 'unknown', orphan });
  },
);
