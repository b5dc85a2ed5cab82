import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { json, type SeenRequest, serve } from '../../../packages/client/test/service/http-server.js';
import { finishedJob, sampleJob } from '../../../packages/client/test/service/samples.js';
import { openKeptKeys } from '../src/submission/kept-keys.js';
import { invoke } from './invoke.js';
import { temporaryFolder } from './temporary-folder.js';

let dir: string;
let file: string;

beforeEach(async () => {
  dir = await temporaryFolder();
  file = join(dir, 'list.txt');
  await writeFile(file, 'a.com\n');
});

const WORDS = ['-e', 'bulk_backlinks'];

/** A service that makes one job for each idempotency key. */
async function service(answer?: (request: SeenRequest, response: ServerResponse) => boolean) {
  const byKey = new Map<string, string>();
  const states = new Map<string, object>();
  const { baseUrl: url, seen } = await serve((request, response) => {
    if (answer?.(request, response)) return;
    if (request.method === 'GET') return json(response, states.get(request.path.replace(/^\/v1\/jobs\/|\?.*/g, '')));
    const key = String(request.headers['idempotency-key'] ?? seen.length);
    const known = byKey.get(key);
    const id = known ?? `job_${byKey.size + 1}`;
    byKey.set(key, id);
    if (known === undefined && !states.has(id)) states.set(id, sampleJob({ id }));
    else response.setHeader('idempotency-replayed', 'true');
    json(response, states.get(id), 202);
  });
  const keys = () => seen.filter(({ method }) => method === 'POST').map(({ headers }) => headers['idempotency-key']);
  const submit = (more: readonly string[] = [], env: Record<string, string> = {}) =>
    invoke(['submit', file, ...WORDS, ...more], { url, env: { XDG_STATE_HOME: dir, ...env } });
  return { url, seen, states, keys, submit };
}

describe('the same command again', () => {
  it('finds its job until that is finished, says how it stands, and sends nothing', async () => {
    const { submit, states, seen } = await service();
    expect(await submit()).toMatchObject({ code: 0, stdout: 'job_1\n', stderr: expect.stringContaining('Accepted') });
    states.set('job_1', sampleJob({ id: 'job_1', status: 'paused', reason: 'budget' }));
    const second = await submit();
    expect(second).toMatchObject({ code: 0, stdout: 'job_1\n' });
    expect(second.stderr).toBe(
      'This list is job_1 already: paused: budget. Nothing is sent; --again makes a new job.\n',
    );
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'GET']);
    states.set('job_1', { ...finishedJob, id: 'job_1' });
    const third = await submit();
    expect(third).toMatchObject({ code: 0, stdout: 'job_2\n' });
    expect(third.stderr).toContain('job_1 of this list is finished (completed, complete): this is a new job.');
  });

  it('makes a new job where that is asked for, where the file or the options differ, or where the job is gone', async () => {
    const { submit, states, keys } = await service((request, response) => {
      if (request.path !== '/v1/jobs/job_5') return false;
      json(response, { type: 'urn:linkhaul:problem:not_found', title: 'Not found', status: 404, detail: 'gone' }, 404);
      return true;
    });
    const ids = [];
    for (const more of [[], ['--again'], ['--tag', 'other'], ['--format', 'csv']])
      ids.push((await submit(more)).stdout);
    await writeFile(file, 'b.com\n');
    for (const env of [{}, {}, { LINKHAUL_API_KEY: 'another' }]) ids.push((await submit([], env)).stdout);
    expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7].map((number) => `job_${number}\n`));
    expect(new Set(keys()).size).toBe(7);
    expect(states.size).toBe(7);
  });

  it('makes one new job of a finished one, where two commands find that at once', async () => {
    const looking: ServerResponse[] = [];
    const { submit, states, keys } = await service(({ method }, response) => {
      if (method !== 'GET') return false;
      if (looking.push(response) === 2) for (const one of looking) json(one, states.get('job_1'));
      return true;
    });
    await submit();
    states.set('job_1', { ...finishedJob, id: 'job_1' });
    const both = await Promise.all([submit(), submit()]);
    expect(both.map(({ stdout }) => stdout)).toEqual(['job_2\n', 'job_2\n']);
    expect(new Set(keys()).size).toBe(2);
  });

  it('finds the job that another command has begun while the first was watched', async () => {
    let again: Promise<unknown> | undefined;
    const { submit, states } = await service(({ method, path }, response) => {
      if (method !== 'GET' || !path.startsWith('/v1/jobs/job_1') || again !== undefined) return false;
      again = submit(['--again']).then(() => {
        states.set('job_1', { ...finishedJob, id: 'job_1' });
        json(response, states.get('job_1'));
      });
      return true;
    });
    expect((await submit(['--wait'])).stdout).toBe('job_1\n');
    await again;
    const third = await submit();
    expect(third.stdout).toBe('job_2\n');
    expect(third.stderr).toContain('This list is job_2 already');
  });

  it('sends the list with the same key where the answer did not come, and says what that stands for', async () => {
    let cut = true;
    const { submit, keys, states } = await service((_, response) => {
      if (!cut) return false;
      response.destroy();
      return true;
    });
    const first = await submit();
    expect(first).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('The same command again finds what was sent.'),
    });
    expect(first.stderr.trimEnd().split('\n')).toHaveLength(1);
    cut = false;
    expect((await submit()).stdout).toBe('job_1\n');
    expect(new Set(keys()).size).toBe(1);
    // As if the job had been made by an upload whose answer was lost.
    const [name = ''] = await readdir(join(dir, 'linkhaul', 'submissions'));
    const path = join(dir, 'linkhaul', 'submissions', name);
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), job: null, isSaid: false }));
    states.set('job_1', { ...finishedJob, id: 'job_1' });
    const replayed = await submit();
    expect(replayed).toMatchObject({ code: 0, stdout: 'job_1\n' });
    expect(replayed.stderr).toBe('This key stands for job_1 already: completed, complete. Nothing new was bought.\n');
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it('says once how a job ended whose watching was ended, and takes that up after a day no more', async () => {
    const interruption = new AbortController();
    const { url, states, submit } = await service(({ method }) => {
      if (method === 'GET') interruption.abort();
      return false;
    });
    const env = { XDG_STATE_HOME: dir };
    const first = await invoke(['submit', file, ...WORDS, '--wait'], { url, env, interrupted: interruption.signal });
    expect(first).toMatchObject({ code: 130, stdout: 'job_1\n' });
    const kept = join(dir, 'linkhaul', 'submissions');
    const [name = ''] = await readdir(kept);
    const left = await readFile(join(kept, name), 'utf8');
    const endedAgo = (ms: number) =>
      states.set('job_1', { ...finishedJob, id: 'job_1', finished_at: new Date(Date.now() - ms) });
    endedAgo(80_000_000);
    const again = await submit(['--wait']);
    expect(again).toMatchObject({ code: 0, stdout: 'job_1\n' });
    expect(again.stderr).toContain('This list is job_1 already: completed, complete. Nothing is sent;');
    await writeFile(join(kept, name), left);
    endedAgo(90_000_000);
    expect((await submit()).stdout).toBe('job_2\n');
    states.set('job_2', { ...finishedJob, id: 'job_2' });
    expect((await submit()).stdout).toBe('job_3\n');
  });

  it('waits for an upload that is still under way', async () => {
    let busy = 2;
    const problem = { type: 'urn:linkhaul:problem:idempotency_key_busy', title: 'Busy', status: 409, detail: 'again' };
    const { submit, keys } = await service((_, response) => {
      if (busy-- <= 0) return false;
      response.setHeader('retry-after', '0');
      json(response, problem, 409);
      return true;
    });
    const run = await submit();
    expect(run).toMatchObject({ code: 0, stdout: 'job_1\n' });
    expect(run.stderr.match(/still under way/g)).toHaveLength(1);
    expect(new Set(keys()).size).toBe(1);
  });

  it('of two at once makes one job', async () => {
    const { submit, keys } = await service();
    const runs = await Promise.all([submit(), submit(), submit()]);
    expect(runs.map(({ stdout }) => stdout)).toEqual(['job_1\n', 'job_1\n', 'job_1\n']);
    expect(new Set(keys()).size).toBe(1);
  });

  it('knows nothing of standard input, unless by a key, and of a key says what it stands for', async () => {
    const { url, keys } = await service();
    const submit = (...more: string[]) =>
      invoke(['submit', '-', ...WORDS, ...more], { url, stdin: 'a.com\n', env: { XDG_STATE_HOME: dir } });
    for (const id of ['job_1', 'job_2']) expect((await submit()).stdout).toBe(`${id}\n`);
    expect((await submit('--idempotency-key', 'k')).stdout).toBe('job_3\n');
    expect((await submit('--idempotency-key', 'k')).stderr).toContain('This key stands for job_3 already: running.');
    expect(keys()).toEqual([undefined, undefined, 'k', 'k']);
    expect(await submit('--again')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--again goes with a FILE'),
    });
    expect((await readdir(dir)).sort()).toEqual(['list.txt']);
  });

  it('is known again without a write, as on a disk that is full by now', async () => {
    const folder = join(dir, 'submissions');
    const keys = openKeptKeys(folder);
    const first = { key: 'first', job: null, isSaid: false };
    expect(await keys.begin('list', first)).toEqual(first);
    const { mtimeNs } = await stat(folder, { bigint: true });
    expect(await keys.begin('list', { ...first, key: 'second' })).toEqual(first);
    expect((await stat(folder, { bigint: true })).mtimeNs).toBe(mtimeNs);
  });

  it('is sent all the same where nothing can be remembered, and that is said', async () => {
    const { submit } = await service();
    const run = await submit([], { XDG_STATE_HOME: file });
    expect(run).toMatchObject({ code: 0, stdout: 'job_1\n' });
    expect(run.stderr).toContain('is not remembered');
    expect(run.stderr).toContain('the same command again would make another job');
  });
});
