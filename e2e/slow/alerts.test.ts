import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { promtoolBinary, repositoryRoot } from '@linkhaul/stack';
import { beforeAll, expect, it } from 'vitest';
import { environment } from '../env.js';

const run = promisify(execFile);
const folder = join(repositoryRoot, 'deploy/prometheus');

let promtool: string;
beforeAll(async () => {
  promtool = await promtoolBinary({
    env: environment,
    mayInstall: true,
    say: (line) => process.stderr.write(`${line}\n`),
  });
});

it.each([
  ['check', 'alerts.yml'],
  ['test', 'alerts.test.yml'],
])('promtool %s rules %s', async (verb, file) => {
  const { stdout } = await run(promtool, [verb, 'rules', file], { cwd: folder });
  expect(stdout).toContain('SUCCESS');
});
