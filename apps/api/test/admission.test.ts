import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { createAdmission } from '../src/submit/admission/admission.js';
import { createTurns } from '../src/submit/admission/turns.js';
import { jobOf, postJson, postText } from './http.js';
import { createStarter } from './service.js';

const starter = createStarter();
afterAll(starter.closeAll);
afterEach(() => void vi.useRealTimers());

const MIB = 1024 * 1024;
const ROW = 'example.com\n';
const LARGE = ROW.repeat((2 * MIB) / ROW.length);
const SHORT = ROW.repeat(MIB / 2 / ROW.length);

describe('of a tenant a limited number of lists is taken in at once', () => {
  it('and others wait, but not short ones, nor those of other tenants', async () => {
    const service = await starter.start({
      LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant,beta:key-b-of-a-tenant',
      MAX_UPLOADS_PER_TENANT: '1',
    });
    const url = `${service.url}/v1/jobs?endpoint=bulk_backlinks`;
    const as = (key: string) => ({ authorization: `Bearer ${key}-of-a-tenant` });
    const other = service.services.admission.of('alpha', new AbortController().signal);
    await other.expect(MIB);
    let isTaken = false;
    const large = postText(url, LARGE, as('key-a')).then((answer) => {
      isTaken = true;
      return jobOf(answer);
    });
    jobOf(await postText(url, SHORT, as('key-a')));
    jobOf(await postText(url, LARGE, as('key-b')));
    expect(isTaken).toBe(false);
    other.leave();
    expect((await large).rows.total).toBe(LARGE.length / ROW.length);
  });

  it('and a refused one gives its place back', async () => {
    const service = await starter.start({ MAX_UPLOADS_PER_TENANT: '1' });
    const url = `${service.url}/v1/jobs?endpoint=bulk_backlinks`;
    expect((await postText(`${url}&expect_rows=1`, LARGE)).status).toBe(422);
    const targets = LARGE.trim().split('\n').slice(0, 100_000);
    jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets }));
    expect((await postText(`${service.url}/v1/estimates?endpoint=bulk_backlinks`, LARGE)).status).toBe(200);
    jobOf(await postText(url, LARGE));
  });

  it('in the order in which they came, and nobody waits endlessly', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const admission = createAdmission({ perTenant: 2 });
    const passes = Array.from({ length: 5 }, () => admission.of('alpha', new AbortController().signal));
    const [first, second, third, fourth, fifth] = passes;
    await Promise.all([first?.expect(MIB), second?.expect(MIB)]);
    const entered: string[] = [];
    const waits = [third, fourth, fifth].map((pass, at) => pass?.expect(MIB).then(() => entered.push(`waiting ${at}`)));
    const refused = expect(waits[2]).rejects.toMatchObject({
      code: 'too_many_requests',
      headers: { 'retry-after': '10' },
    });
    first?.leave();
    await waits[0];
    vi.advanceTimersByTime(29_999);
    second?.leave();
    await waits[1];
    vi.advanceTimersByTime(1);
    await refused;
    expect(entered).toEqual(['waiting 0', 'waiting 1']);
  });
});

it('a client that leaves while its list waits leaves the line too', async () => {
  const admission = createAdmission({ perTenant: 1 });
  const gone = new AbortController();
  const here = new AbortController().signal;
  const [first, left, last] = [here, gone.signal, here].map((signal) => admission.of('alpha', signal));
  await first?.expect(MIB);
  const refused = expect(left?.expect(MIB)).rejects.toMatchObject({ code: 'body_incomplete' });
  const entered = last?.expect(MIB);
  gone.abort();
  await refused;
  first?.leave();
  await entered;
});

it('one piece is read in a turn of the event loop, of each tenant in turn', async () => {
  const turns = createTurns();
  const read: string[] = [];
  for (const tenant of ['a', 'a', 'a', 'b', 'b', 'c']) void turns.take(tenant).then(() => read.push(tenant));
  for (let turned = 1; turned <= 7; turned++) {
    await nextTurn();
    expect(read.length).toBeLessThanOrEqual(turned);
  }
  await turns.take('d');
  expect(read).toEqual(['a', 'b', 'c', 'a', 'b', 'a']);
});
