import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../src/repository.js';

const WITH_REDIS = join(repositoryRoot, 'stack', 'dist', 'with-redis.js');

async function run(...command: string[]) {
  const child = spawn(execPath, [WITH_REDIS, ...command]);
  const code = new Promise<number | null>((resolve) => void child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

test('the command gets the address of a Redis of its own, and its exit code is the answer', async () => {
  const source = `console.log(process.env.TEST_REDIS_URL); process.exit(7)`;
  const { code, stdout } = await run(execPath, '-e', source);
  expect(code).toBe(7);
  expect(stdout).toMatch(/^redis:\/\/127\.0\.0\.1:\d+\?\S+\n$/);
});

test("commands are found among the workspace's own tools", async () => {
  const { code, stdout } = await run('tsc', '--version');
  expect(code).toBe(0);
  expect(stdout).toContain('Version');
});

test('a command that ends by a signal, is not there or is not named fails', async () => {
  expect((await run(execPath, '-e', 'process.kill(process.pid, "SIGKILL")')).code).toBe(137);
  const missing = await run('no-such-command');
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('no-such-command cannot be run') });
  expect((await run()).stderr).toContain('Name the command to run');
});
