import { PROBLEMS, type ProblemCode, problemType } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createLinkhaulClient,
  LinkhaulProblem,
  LinkhaulUnexpectedAnswer,
  LinkhaulUnreachable,
} from '../../src/service/index.js';
import { pauseBefore } from '../../src/service/outage.js';
import { json, serve } from './http-server.js';
import { finishedJob, sampleJob } from './samples.js';

function problemOf(code: ProblemCode) {
  return { type: problemType(code), title: 'No', status: PROBLEMS[code].status, detail: 'Said.' };
}

test('waitFor outlives a connection that drops, a proxy that answers itself, and a service that is not able', async () => {
  const answers: ((response: Parameters<typeof json>[0]) => unknown)[] = [
    // After a closed connection the client repeats the request once, without a call of onOutage.
    (response) => response.destroy(),
    (response) => response.destroy(),
    (response) => json(response, sampleJob()),
    (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad Gateway'),
    (response) => json(response.setHeader('retry-after', '0'), problemOf('unavailable'), 503),
    (response) => json(response, finishedJob),
  ];
  const { baseUrl, seen } = await serve((_, response) => answers.shift()?.(response));
  const outages: unknown[] = [];
  const job = await createLinkhaulClient({ baseUrl }).waitFor('job_1', {
    roundMs: 20,
    onOutage: (error) => outages.push(error),
  });
  expect(job).toEqual(finishedJob);
  expect(seen).toHaveLength(6);
  expect(outages).toEqual([expect.any(LinkhaulUnreachable), expect.any(LinkhaulUnexpectedAnswer)]);
});

test.each(['not_found', 'unauthorized'] as const)('a refusal, %s, ends waitFor at once', async (code) => {
  const { baseUrl, seen } = await serve((_, response) => json(response, problemOf(code), PROBLEMS[code].status));
  await expect(createLinkhaulClient({ baseUrl }).waitFor('job_1')).rejects.toMatchObject({ code });
  expect(seen).toHaveLength(1);
});

test('what the service says about coming back is kept', async () => {
  const problem = problemOf('unavailable');
  const { baseUrl } = await serve((_, response) => json(response.setHeader('retry-after', '7'), problem, 503));
  await expect(createLinkhaulClient({ baseUrl }).job('job_1')).rejects.toMatchObject({ retryAfterMs: 7000 });
});

test('pauses grow to five seconds, and end before five minutes are over', () => {
  const error = new LinkhaulUnreachable('http://x', new Error('refused'));
  let [awayMs, tries] = [0, 0];
  const pauses: number[] = [];
  for (;;) {
    const pauseMs = pauseBefore(error, { tries: ++tries, awayMs });
    if (pauseMs === null) break;
    pauses.push(pauseMs);
    awayMs += pauseMs;
  }
  expect(pauses.slice(0, 7)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  expect(awayMs).toBeGreaterThan(290_000);
  expect(awayMs).toBeLessThanOrEqual(300_000);
});

test('a pause is as long as was asked for, and none that would end too late is begun', () => {
  const limited = problemOf('too_many_requests');
  fc.assert(
    fc.property(fc.nat(600_000), fc.integer({ min: 1, max: 2000 }), fc.nat(400_000), (askedMs, tries, awayMs) => {
      const pauseMs = pauseBefore(new LinkhaulProblem(429, limited, askedMs), { tries, awayMs });
      expect(pauseMs ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(askedMs);
      if (pauseMs === null) expect(awayMs + Math.max(askedMs, 5000)).toBeGreaterThan(300_000);
      else expect(awayMs + pauseMs).toBeLessThanOrEqual(300_000);
    }),
  );
});
