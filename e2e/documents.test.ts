import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@linkhaul/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environment } from './env.js';
import { startWorld, type World } from './harness.js';

const run = promisify(execFile);
let world: World;
let folder: string;

beforeAll(async () => {
  [world, folder] = await Promise.all([startWorld({ workers: 1 }), mkdtemp(join(tmpdir(), 'linkhaul-documents-'))]);
  await symlink(join(repositoryRoot, 'examples'), join(folder, 'examples'));
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Example {
  readonly script: string;
  /** The answer to the last request, as the page shows it; null if the page does not show it. */
  readonly shown: unknown;
}

/** The requests of a page, in order. `…` in an answer means more of the same. */
async function examplesOf(page: string): Promise<Example[]> {
  const text = await readFile(join(repositoryRoot, page), 'utf8');
  const blocks = [...text.matchAll(/^```(sh|json)\n(.*?)^```$/gms)].map(([, kind = '', body = '']) => ({ kind, body }));
  return blocks.flatMap(({ kind, body }, at) => {
    if (kind !== 'sh' || !body.includes('curl')) return [];
    const next = blocks[at + 1];
    const shown = next?.kind === 'json' ? JSON.parse(next.body.replaceAll(/,?\s*…(?=\s*[}\]])/g, '')) : null;
    return [{ script: body.replace(/^API=.*$/m, ''), shown }];
  });
}

/** A `curl` for the shell that keeps the answer, and the id of its job or task, which the pages call `$JOB` and `$TASK`. */
const CURL = `
curl() {
  command curl -sS -o answer -w '%{http_code}\\n' "$@" >> codes || [ $? -eq 28 ] # A stream without an end is left after its --max-time.
  id=$(grep -o '"id":"job_[a-z0-9]*"' answer | head -1 | cut -d'"' -f4)
  if [ -n "$id" ]; then JOB=$id; printf %s "$id" > job; fi
  id=$(grep -oE '"id":"[0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}","status_code":20100' answer | head -1 | cut -d'"' -f4)
  if [ -n "$id" ]; then printf %s "$id" > task; fi
}
if [ -e job ]; then JOB=$(cat job); fi
if [ -e task ]; then TASK=$(cat task); fi
rm -f answer codes
`;

/** A reader goes on more slowly than the last example's job runs. A test has to wait for the job. */
async function whenAtRest(): Promise<void> {
  const status = () => world.client.jobs({ limit: 1 }).then(({ jobs: [last] }) => last?.status ?? 'none');
  await expect.poll(status).not.toMatch(/^(queued|planning|running)$/);
}

async function answerTo(script: string): Promise<{ codes: number[]; text: string }> {
  await whenAtRest();
  const env = { PATH: environment.PATH, API: world.apiUrl, LINKHAUL_API_KEY: 'none' };
  await run('bash', ['-eu', '-c', `${CURL}\n${script}`], { cwd: folder, env });
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const codes = (await read('codes')).trim().split('\n').map(Number);
  return { codes, text: await read('answer') };
}

/** How an answer must match the page: a text without digits must be equal, other texts and numbers only of the same type. */
function as(shown: unknown): unknown {
  if (shown === null) return expect.toSatisfy((value: unknown) => value !== undefined, 'is there');
  if (typeof shown === 'number') return expect.any(Number);
  if (typeof shown === 'string') {
    const [start = '', ...more] = shown.split('…');
    if (/\d/.test(shown)) return expect.any(String);
    return more.length === 0 ? shown : expect.toSatisfy((text: unknown) => String(text).startsWith(start), start);
  }
  if (Array.isArray(shown))
    return shown.length === 0 ? [] : expect.toSatisfy((list) => isListAs(shown, list), 'a list as shown');
  if (typeof shown !== 'object') return shown;
  return expect.objectContaining(Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, as(value)])));
}

function isListAs(shown: readonly unknown[], list: unknown): boolean {
  if (!Array.isArray(list) || list.length < shown.length) return false;
  shown.forEach((element, at) => {
    expect(list[at]).toEqual(as(element));
  });
  return true;
}

describe.each(['README.md', 'docs/api.md', 'docs/moving-from-dataforseo.md'])('%s', (page) => {
  it('shows requests that are answered as it says', async () => {
    const examples = await examplesOf(page);
    expect(examples.length).toBeGreaterThan(3);
    for (const { script, shown } of examples) {
      const { codes, text } = await answerTo(script);
      const refused = shown !== null && typeof shown === 'object' && 'type' in shown;
      for (const code of codes) expect(code >= 400, `${script}\n${code}: ${text}`).toBe(refused);
      if (shown === null) continue;
      const answer: unknown = JSON.parse(text.startsWith('{"line"') ? (text.split('\n')[0] ?? '') : text);
      expect(answer, script).toEqual(as(shown));
    }
  });
});

it('the README’s commands do what they say', async () => {
  const readme = await readFile(join(repositoryRoot, 'README.md'), 'utf8');
  const block = /^```sh\n(linkhaul\(\) .*?)^```$/ms.exec(readme)?.[1] ?? 'false';
  const place = await mkdtemp(join(folder, 'readme-'));
  for (const name of ['apps', 'examples']) await symlink(join(repositoryRoot, name), join(place, name));
  const env = { PATH: environment.PATH, LINKHAUL_URL: world.apiUrl, XDG_STATE_HOME: place };
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', block], { cwd: place, env });
  expect(stdout).toMatch(/^rows {6}500: .*completed, complete/ms);
  expect((await readFile(join(place, 'top.ndjson'), 'utf8')).trimEnd().split('\n')).toHaveLength(500);
});
