import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startProcess } from '../src/processes.js';
import { script, temporaryFolder, WELL_BEHAVED } from './scripts.js';

async function start(source: string, options: { env?: Record<string, string>; readyWithinMs?: number } = {}) {
  const { env = {}, ...rest } = options;
  const started = await startProcess({ name: 'sample', entry: script(source), env, ...rest });
  onTestFinished(() => started.child.kill());
  return started;
}

test('is ready when its log says so, on the port that it names, with the environment given', async () => {
  const { name, port, child } = await start(WELL_BEHAVED, { env: { GREETING: 'hello' } });
  expect(name).toBe('sample');
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('hello');
  expect(child.running).toBe(true);
  expect(child.tail()).toContain('"msg":"listening"');
});

test('stop sends SIGTERM and waits for the end; kill does not ask', async () => {
  const stopped = await start(WELL_BEHAVED);
  await stopped.child.stop();
  expect(stopped.child.running).toBe(false);
  expect(await stopped.child.exited).toBe('exit code 0');
  expect(stopped.child.tail()).toContain('drained');
  const killed = await start(WELL_BEHAVED);
  await killed.child.kill();
  expect(await killed.child.exited).toBe('signal SIGKILL');
});

test('a start that fails shows what the process printed', async () => {
  const failing = start(`console.error('REDIS_URL: is required'); process.exit(1);`);
  await expect(failing).rejects.toThrow(/sample ended with exit code 1 before it was ready.\n +REDIS_URL: is required/);
});

test('a process that never gets ready is given up', async () => {
  const silent = start(`setInterval(() => {}, 1000); console.log('{"msg":"listening"}');`, { readyWithinMs: 300 });
  await expect(silent).rejects.toThrow(/was not ready after 0.3 s/);
});

test('a start that is interrupted ends the process', async () => {
  const interruption = new AbortController();
  const entry = script(`setInterval(() => {}, 1000); console.log(process.pid);`);
  const pids: number[] = [];
  const onLine = (line: string) => {
    pids.push(Number(line));
    interruption.abort();
  };
  const started = startProcess({ name: 'sample', entry, env: {}, onLine, signal: interruption.signal });
  await expect(started).rejects.toThrow(/was interrupted/);
  expect(() => process.kill(pids[0] ?? 0, 0)).toThrow(/ESRCH/);
});

test('a process that was not built is named, with what to do', async () => {
  const entry = join(temporaryFolder(), 'dist', 'main.js');
  await expect(startProcess({ name: 'api', entry, env: {} })).rejects.toThrow(/main.js does not exist.*pnpm build/);
});
