import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { examplePath, pythonBinary, StackFailure } from '@linkhaul/stack';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { environment } from './env.js';
import { startWorld, type World } from './harness.js';

const EXAMPLE = examplePath('linkhaul_example.py');

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Installed if that is allowed. Without Python these tests are skipped, with a message. */
const python = await pythonBinary({ env: environment, mayInstall: true, say }).catch((error: unknown) => {
  if (!(error instanceof StackFailure)) throw error;
  say(error.message);
  return '';
});

let world: World;

beforeAll(async () => {
  world = await startWorld({ workers: 1 });
});
afterAll(() => world.stop());

async function run(args: readonly string[], stdin = '') {
  const env = {
    PATH: environment.PATH,
    LINKHAUL_URL: world.apiUrl,
    PYTHONPATH: dirname(EXAMPLE),
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const child = spawn(python, args, { env });
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

it.skipIf(python === '')('submits a list, waits and prints its results', async () => {
  const { code, stdout, stderr } = await run([EXAMPLE, examplePath('domains.txt'), 'bulk_backlinks']);
  expect({ code, stderr }).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/completed complete for \$0\.042\d+\n$/),
  });
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  expect(lines).toHaveLength(500);
  for (const [, target, status, data] of lines) {
    expect(status).toBe('ok');
    expect(JSON.parse(data ?? '')).toMatchObject({ target });
  }
});

it.skipIf(python === '')('says what the service says', async () => {
  const refused = await run([EXAMPLE, examplePath('trio.txt'), 'bulk_backlink']);
  expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^HTTP 422: .*bulk_backlinks/) });
});

it.skipIf(python === '')('verifies webhooks as they are signed, and refuses others', async () => {
  const secret = await world.client.webhookSecret();
  const program = `
import json, sys
from verify_webhook import verify_webhook
for case in json.load(sys.stdin):
    try:
        print(verify_webhook(case["secret"], case["headers"], case["body"].encode())["type"])
    except ValueError as error:
        print(error)
`;
  const body = '{"type":"job.completed","note":"ü"}';
  const sign = (at: Date, text = body) => ({
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': `v1,AAAA ${new Webhook(secret).sign('evt_1', at, text)}`,
  });
  const now = new Date();
  const cases = [
    { secret, body, headers: sign(now) },
    { secret, body, headers: sign(now, '{}') },
    { secret, body, headers: sign(new Date(now.getTime() - 3_600_000)) },
  ];
  const { code, stdout } = await run(['-c', program], JSON.stringify(cases));
  expect(code).toBe(0);
  expect(stdout.trimEnd().split('\n')).toEqual([
    'job.completed',
    expect.stringContaining('not of this body'),
    expect.stringContaining('too old'),
  ]);
});
