import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from './harness.js';
import { installPacked, packClient, readmeBlocks, typeErrors } from './packed-client.js';

let world: World;
let dir: string;
let tarballs: string[];
/** The README's programs in their order. The first begins with the two lines that all others need. */
let programs: Program[];

interface Program {
  readonly file: string;
  readonly code: string;
}

const SERVICE = 'http://127.0.0.1:8080';
const RECEIVER_PORT = '9000';

beforeAll(async () => {
  [world, dir] = await Promise.all([startWorld({ workers: 1 }), mkdtemp(join(tmpdir(), 'linkhaul-client-'))]);
  const blocks = await readmeBlocks();
  const pack = blocks
    .find(({ language }) => language === 'sh')
    ?.code.split('\n')
    .find((line) => line.includes(' pack '));
  tarballs = await packClient(pack ?? 'false', dir);
  await installPacked(tarballs, dir);
  const [first = '', ...others] = blocks.filter(({ language }) => language === 'ts').map(({ code }) => code);
  const [opening = ''] = first.split('\n\n');
  expect(opening).toContain(SERVICE);
  const all = [first, ...others.map((code) => `${opening}\n${code}`)];
  programs = all.map((code, index) => ({ file: `program-${index + 1}`, code }));
});
afterAll(async () => {
  await world.stop();
  await rm(dir, { recursive: true, force: true });
});

const isReceiver = ({ code }: Program) => code.includes('createServer');

/** Writes a program as plain JavaScript, which the README's blocks are too, and gives the name of its file. */
async function writeProgram({ file, code }: Program): Promise<string> {
  const own = code.replaceAll(SERVICE, world.apiUrl).replace(RECEIVER_PORT, '0');
  await writeFile(
    join(dir, `${file}.mjs`),
    own.replace("console.log('listening')", 'console.log(server.address().port)'),
  );
  return `${file}.mjs`;
}

function start(file: string): ChildProcess {
  return spawn(process.execPath, [file], { cwd: dir, env: {} });
}

/** Runs in one process all programs that end, and gives what each of them prints. */
async function runPrograms(): Promise<Map<string, string>> {
  const files = await Promise.all(programs.filter((program) => !isReceiver(program)).map(writeProgram));
  const runs = files.map((file) => `console.log('# ${file}');\nawait import('./${file}');\n`);
  await writeFile(join(dir, 'all.mjs'), runs.join(''));
  const child = start('all.mjs');
  if (child.stdout === null || child.stderr === null) throw new Error('no pipes');
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const parts = stdout.split(/^# (.*)\n/m).slice(1);
  return new Map(files.map((file) => [file, parts[parts.indexOf(file) + 1] ?? '']));
}

describe('the packed client', () => {
  it('has nothing that publint finds fault with', async () => {
    for (const tarball of tarballs) {
      const { messages } = await publint({
        pack: { tarball: new Uint8Array(await readFile(tarball)).buffer },
        strict: true,
      });
      expect(messages).toEqual([]);
    }
  });

  it('has types by which the README’s programs pass', async () => {
    const files = programs.map(({ file }) => `${file}.mts`);
    await Promise.all(programs.map(({ file, code }) => writeFile(join(dir, `${file}.mts`), code)));
    const wrong = `client.submit({ endpoint: 'bulk_pages_summary', params: { rank_scal: 'one_hundred' } }, []);`;
    await writeFile(join(dir, 'wrong.mts'), `${programs[0]?.code}\n${wrong}\n`);
    // One run of the compiler for all: only the wrong one may be named.
    const found = await typeErrors([...files, 'wrong.mts'], dir);
    expect(found).toEqual([expect.stringMatching(/^wrong\.mts\b.*rank_scal/)]);
  });
});

describe('the README’s programs', () => {
  let printed: Map<string, string>;
  beforeAll(async () => {
    printed = await runPrograms();
  });

  /** What the program printed that a text of it names. */
  const outputOf = (part: string) => printed.get(`${programs.find(({ code }) => code.includes(part))?.file}.mjs`);

  it('prints a result of each target', () => {
    expect(outputOf('console.log(target, data?.rank')).toMatch(/^(example\.(com|org) \d+ \d+\n){2}$/);
  });

  it('knows the endpoint of a job that was stored', () => {
    expect(outputOf('client.results(job.id)')).toMatch(/^bulk_pages_summary \d+\n$/);
  });

  it('submits and waits', () => {
    const lines = (outputOf('client.waitFor(id, {') ?? '').trimEnd().split('\n');
    expect(lines.at(-2)).toBe('2 of 2');
    expect(lines.at(-1)).toMatch(/^completed complete 0\.02/);
  });

  it('follows all jobs', () => {
    expect(outputOf('client.followJobs()')).toMatch(/^\d+\n$/);
  });

  it('streams a long list', () => {
    expect(outputOf('submitText')).toMatch(/^2500 0\.\d+\n$/);
  });

  it('prices a list', () => {
    expect(outputOf('estimateText')).toMatch(/^2 0\.\d+\n$/);
  });

  it('downloads a file', async () => {
    expect(outputOf('client.download(')).toBe('');
    const lines = (await readFile(join(dir, 'results.csv'), 'utf8')).trimEnd().split('\r\n');
    expect(lines).toHaveLength(3);
  });

  it('reads results and rows', () => {
    expect(outputOf('client.rows(id)')).toMatch(/^1 (ok|empty) \n$/m);
  });

  it('reads what a tag answers with', () => {
    expect(outputOf('tagResults')).toMatch(/^job_\w+ example\.com \d+\n$/);
  });

  it('shows a refusal', () => {
    expect(outputOf('instanceof LinkhaulProblem')).toMatch(/^422 budget_too_low The cheapest call/);
  });

  it('verifies webhooks', async () => {
    const receiver = programs.find(isReceiver);
    if (receiver === undefined) throw new Error('no program receives webhooks');
    const child = start(await writeProgram(receiver));
    const lines = child.stdout?.setEncoding('utf8');
    if (!lines) throw new Error('no pipes');
    const [port] = await once(lines, 'data');
    const url = `http://127.0.0.1:${String(port).trim()}/`;
    const delivered = once(lines, 'data');
    const { id } = await world.client.submit({ endpoint: 'bulk_backlinks', webhook: { url } }, ['example.com']);
    expect(String(await delivered)).toMatch(new RegExp(`^\\S+ {"type":"job.completed".*${id}`));
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(400);
    child.kill();
    await once(child, 'close');
  });
});
