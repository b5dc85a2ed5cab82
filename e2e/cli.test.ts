import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { builtApp, examplePath } from '@linkhaul/stack';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ended, runCommand, startCommand } from './command.js';
import { environment } from './env.js';
import { domains, HOLDING, startWorld, type World } from './harness.js';

let world: World;
let dir: string;

beforeAll(async () => {
  [world, dir] = await Promise.all([
    startWorld({ workers: 1, env: HOLDING }),
    mkdtemp(join(tmpdir(), 'linkhaul-cli-')),
  ]);
});
afterEach(async () => {
  await world.clearFaults();
  await world.settings({ hold: false });
});
afterAll(async () => {
  await world.stop();
  await rm(dir, { recursive: true, force: true });
});

const start = (words: readonly string[], env: Record<string, string> = {}) => startCommand(words, { world, dir, env });
const linkhaul = (words: readonly string[], { stdin = '', env = {} } = {}) =>
  runCommand(words, { world, dir, env }, stdin);

const list = (names: readonly string[]) => `${names.join('\n')}\n`;
const BULK = ['-e', 'bulk_backlinks'];
/** Rows whose lines are more than a pipe holds. */
const MANY = 10_000;
const jobsFolder = () => join(world.storageDir, 'jobs', 'local');

describe('exit codes', () => {
  it('0: complete, from a file, a gzipped file and standard input', async () => {
    const packed = join(dir, 'domains.txt.gz');
    await writeFile(packed, gzipSync(await readFile(examplePath('domains.txt'))));
    for (const file of [examplePath('domains.txt'), packed]) {
      const run = await linkhaul(['submit', file, ...BULK, '--tag', 'first', '--wait']);
      expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^job_\w+\n$/) });
      expect(run.stderr).toContain('rows   500: 500 ok');
      expect(run.stderr).not.toContain('\u001b');
    }
    const piped = await linkhaul(['submit', '-', ...BULK, '--wait'], { stdin: '\ufeffexample.com\r\n\r\nexample.org' });
    expect(piped).toMatchObject({ code: 0, stderr: expect.stringContaining('rows   2: 2 ok') });
  });

  it('2: bad input, by the words, the file or the service, in one line', async () => {
    const refused = [
      [['submit', 'nowhere.txt', ...BULK], 'nowhere.txt cannot be read: there is no such file or folder (ENOENT).'],
      [['submit', '-'], '--endpoint is required'],
      [['submit', '-', ...BULK], 'The list is empty'],
      [['watch', 'job_unknown'], 'There is no job job_unknown.'],
      [
        ['estimate', examplePath('trio.txt'), '-e', 'referring_domains', '--params', '{"rank_scal":"one"}'],
        'did you mean',
      ],
    ] as const;
    for (const [words, message] of refused) {
      const run = await linkhaul(words);
      expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
      expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('2: refused before a large list is sent to its end', async () => {
    const large = join(dir, 'large.txt');
    const file = createWriteStream(large);
    const part = list(domains(50_000));
    for (let written = 0; written < 20; written++) file.write(part);
    file.end();
    await once(file, 'close');
    const run = await linkhaul(['submit', large, ...BULK, '--expect-rows', '5']);
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('More rows came than the 5') });
  });

  it('3: some rows invalid, unless they do not count; how the list was read is said first', async () => {
    await writeFile(join(dir, 'export.csv'), 'Anchor;Page\nhere;https://site-1.com/\nthere;nowhere\n');
    const words = ['submit', 'export.csv', '-e', 'bulk_pages_summary', '--column', 'Page', '--wait'];
    const run = await linkhaul(words);
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(
      /^List read as CSV, utf-8, between columns ";", header in line 1, targets from "Page": 3 lines\n/,
    );
    expect(run.stderr).toContain('\n  line 3, invalid: nowhere  ');
    expect((await linkhaul([...words, '--allow-invalid'])).code).toBe(0);
    await writeFile(join(dir, 'list.json'), JSON.stringify(['site-1.com', { target: 'site-2.com', id: '2' }]));
    const estimate = await linkhaul(['estimate', 'list.json', ...BULK]);
    expect(estimate).toMatchObject({ code: 0, stdout: expect.stringContaining('rows      2: 0 invalid') });
  });

  it('3: partial; the failed rows are listed', async () => {
    await world.fault({
      kind: 'status',
      code: 40501,
      level: 'task',
      target: 'site-2.com',
      message: "Invalid Field: 'targets'.",
    });
    const run = await linkhaul(['submit', '-', ...BULK, '--wait'], { stdin: list(domains(3)) });
    expect(run.code).toBe(3);
    const id = run.stdout.trim();
    const rows = await linkhaul(['rows', id, '--status', 'failed']);
    expect(rows.stdout).toMatch(/^2\tfailed\tsite-2\.com\tupstream_rejected: .*\n$/);
    expect((await linkhaul(['watch', id])).code).toBe(3);
    // The advice works as it is written.
    const advice = /^next +linkhaul (retry .*)$/m.exec(run.stderr)?.[1] ?? '';
    expect(advice).toBe(`retry ${id} --all`);
    await world.clearFaults();
    expect((await linkhaul([...advice.split(' '), '--wait'])).code).toBe(0);
  });

  it('4: paused; it goes on with resume', async () => {
    const run = await linkhaul(['submit', '-', ...BULK, '--start', 'manual', '--wait'], { stdin: list(domains(2)) });
    expect(run.code).toBe(4);
    const id = run.stdout.trim();
    expect(run.stderr).toContain(`linkhaul resume ${id}`);
    expect(await linkhaul(['resume', id])).toMatchObject({ code: 0, stdout: expect.stringContaining(id) });
    const watched = await linkhaul(['watch', id]);
    expect(watched).toMatchObject({ code: 0, stdout: expect.stringContaining('completed, complete') });
  });

  it('5: failed, and cancelled', async () => {
    const message = "Invalid Field: 'rank_scale'.";
    await world.fault({ kind: 'status', code: 40501, level: 'task', endpoint: 'referring_domains', message });
    const run = await linkhaul(['submit', '-', '-e', 'referring_domains', '--wait'], { stdin: list(domains(5)) });
    expect(run).toMatchObject({ code: 5, stderr: expect.stringContaining('rank_scale') });
    const manual = await linkhaul(['submit', '-', ...BULK, '--start', 'manual'], { stdin: list(domains(2)) });
    const id = manual.stdout.trim();
    expect((await linkhaul(['cancel', id])).code).toBe(0);
    expect((await linkhaul(['watch', id])).code).toBe(5);
  });

  it('6: unreachable, or not a Linkhaul', async () => {
    for (const LINKHAUL_URL of ['http://127.0.0.1:9', world.upstreamUrl]) {
      const run = await linkhaul(['submit', examplePath('trio.txt'), ...BULK], { env: { LINKHAUL_URL } });
      expect(run).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining(LINKHAUL_URL) });
    }
  });
});

describe('for machines', () => {
  it('--json is one line of JSON, errors too', async () => {
    const trio = examplePath('trio.txt');
    const submitted = await linkhaul([
      'submit',
      trio,
      ...BULK,
      '--tag',
      'trio',
      '--json',
      '--wait',
      '--metadata',
      'a=b',
    ]);
    const job = JSON.parse(submitted.stdout);
    expect(job).toMatchObject({ tag: 'trio', status: 'completed', outcome: 'complete', metadata: { a: 'b' } });
    const { jobs } = JSON.parse((await linkhaul(['jobs', '--tag', 'trio', '--json'])).stdout);
    expect(jobs).toMatchObject([{ id: job.id }]);
    expect(JSON.parse((await linkhaul(['tags', '--json'])).stdout).tags).toContain('trio');
    expect(JSON.parse((await linkhaul(['tags', 'trio', '--json'])).stdout)).toMatchObject({ latest: { id: job.id } });
    const estimate = JSON.parse((await linkhaul(['estimate', trio, ...BULK, '--json'])).stdout);
    expect(estimate).toMatchObject({ rows: 3, calls: { planned: 1 } });
    const usage = JSON.parse((await linkhaul(['usage', '--group-by', 'tag', '--json'])).stdout);
    expect(usage.usage).toContainEqual(expect.objectContaining({ tag: 'trio', calls: 1, items: 3 }));
    const { error } = JSON.parse((await linkhaul(['watch', 'job_unknown', '--json'])).stderr);
    expect(error).toMatchObject({ exit: 2, problem: { status: 404 } });
  });

  it('results go to a file, whole, or into a pipe that may close early', async () => {
    const { stdout } = await linkhaul(['submit', '-', ...BULK, '--wait', '-t', 'many'], {
      stdin: list(domains(MANY)),
    });
    const id = stdout.trim();
    const saved = await linkhaul(['results', id, '-o', 'results.ndjson']);
    expect(saved).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('MB in results.ndjson') });
    const lines = (await readFile(join(dir, 'results.ndjson'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(MANY);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ line: 1, target: 'site-1.com', status: 'ok' });
    expect((await readdir(dir)).filter((name) => name.includes('.part'))).toEqual([]);
    expect((await linkhaul(['results', '--tag', 'many'])).stdout.trimEnd().split('\n')).toEqual(lines);

    for (const words of [
      ['results', id],
      ['rows', id],
    ]) {
      const child = start(words);
      await once(child.stdout, 'data');
      child.stdout.destroy();
      const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    }
  });

  it.runIf(process.platform === 'linux')('a full disk is no success, and said in one line', async () => {
    const submitted = await linkhaul(['submit', '-', ...BULK, '--wait'], { stdin: list(domains(3)) });
    for (const words of [['jobs'], ['results', submitted.stdout.trim()], ['rows', '--help']]) {
      const child = spawn('sh', ['-c', 'exec "$@" > /dev/full', 'sh', process.execPath, builtApp('cli'), ...words], {
        cwd: dir,
        env: { PATH: environment.PATH, LINKHAUL_URL: world.apiUrl },
      });
      const { code, stderr } = await ended(child);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^linkhaul: Standard output cannot be written: the disk is full \(ENOSPC\)\.\n$/);
    }
  });

  it.each([
    ['diff', 'many'],
    ['retry', 'job_unknown'],
    ['keys'],
    ['keys', 'create', '--name', 'ci', '--scope', 'read'],
  ])('%s: what the service answers is passed on', async (...words) => {
    const run = await linkhaul(words);
    // Done, or refused by name where this version has it not.
    if (run.code !== 0)
      expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^linkhaul: \w/) });
  });
});

describe('Ctrl-C', () => {
  it('ends the watching, not the job, and says how to go on', async () => {
    await world.settings({ hold: true });
    const child = start(['submit', '-', '-e', 'domain_pages', '--max-items', '5', '--wait']);
    child.stdin.end(list(domains(3)));
    const [printed] = await once(child.stdout, 'data');
    await world.arrived(String(printed).trim(), 1);
    child.kill('SIGINT');
    const { code, stderr } = await ended(child);
    const id = /linkhaul watch (job_\w+)/.exec(stderr)?.[1] ?? '';
    expect(code).toBe(130);
    await world.settings({ hold: false });
    expect(await world.client.waitFor(id)).toMatchObject({ status: 'completed', rows: { pending: 0 } });
  });

  it('and the same command again is the same job, paid for once', async () => {
    await world.settings({ hold: true });
    const words = ['submit', 'again.txt', '-e', 'domain_pages', '--max-items', '5', '--wait'];
    await writeFile(join(dir, 'again.txt'), list(domains(3)));
    const child = start(words);
    const [printed] = await once(child.stdout, 'data');
    const id = String(printed).trim();
    await world.arrived(id, 1);
    child.kill('SIGINT');
    expect((await ended(child)).code).toBe(130);
    await world.settings({ hold: false });
    const second = await linkhaul(words);
    expect(second).toMatchObject({ code: 0, stdout: `${id}\n`, stderr: expect.stringContaining(`is ${id} already`) });
    expect((await world.client.job(id)).calls).toMatchObject({ planned: 3, attempts: 3 });
  });

  it('in the middle of an upload, and the same command again: one job', async () => {
    const words = ['submit', 'long.txt', ...BULK, '--tag', 'long', '--start', 'manual'];
    await writeFile(join(dir, 'long.txt'), list(domains(100_000)));
    const before = await readdir(jobsFolder());
    const child = start(words);
    // A folder of its own: the first rows are stored.
    await expect.poll(async () => (await readdir(jobsFolder())).length).toBeGreaterThan(before.length);
    child.kill('SIGINT');
    await ended(child);
    const { code, stdout } = await linkhaul(words);
    expect(code).toBe(0);
    const { jobs } = await world.client.jobs({ tag: 'long' });
    expect(jobs).toMatchObject([{ id: stdout.trim(), rows: { total: 100_000 } }]);
  });

  it('ends an upload that waits for more of its list', async () => {
    const child = start(['submit', '-', ...BULK]);
    const ending = ended(child);
    // More than a pipe holds: when it is written, the command has read.
    await new Promise((resolve) => child.stdin.write(list(domains(100_000)), resolve));
    child.kill('SIGINT');
    expect(await ending).toMatchObject({ code: 130, stdout: '', stderr: expect.stringContaining('nothing runs') });
  });
});

it('webhooks listen prints events whose signatures are right, and refuses others', async () => {
  const child = start(['webhooks', 'listen', '--json']);
  const stderr = createInterface({ input: child.stderr });
  const [listening] = await once(stderr, 'line');
  const url = /--webhook (\S+)/.exec(String(listening))?.[1] ?? '';
  const printed = once(createInterface({ input: child.stdout }), 'line');
  const { stdout } = await linkhaul(['submit', examplePath('trio.txt'), ...BULK, '--webhook', url]);
  const { id, event } = JSON.parse(String(await printed));
  expect(event).toMatchObject({ type: 'job.completed', data: { job: { id: stdout.trim() } } });
  expect(id).toMatch(/./);
  const refused = once(stderr, 'line');
  expect((await fetch(url, { method: 'POST', body: '{"type":"job.completed"}' })).status).toBe(400);
  expect(String(await refused)).toContain('Refused');
  child.kill('SIGINT');
  expect((await once(child, 'close'))[0]).toBe(0);
});
