import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { expect, onTestFinished, test } from 'vitest';
import { claimFolder } from '../src/data-folder.js';
import { temporaryFolder } from './scripts.js';

test('a folder belongs to one living process', async () => {
  const dir = temporaryFolder();
  const other = spawn(execPath, ['-e', 'setInterval(() => {}, 1000)']);
  onTestFinished(() => void other.kill('SIGKILL'));
  await once(other, 'spawn');
  writeFileSync(join(dir, 'stack.pid'), `${other.pid}\n`);
  expect(() => claimFolder(dir)).toThrow(/in use by another Linkhaul, process \d+\. Stop that one first/);
  other.kill('SIGKILL');
  await once(other, 'exit');
  const release = claimFolder(dir);
  expect(existsSync(join(dir, 'stack.pid'))).toBe(true);
  release();
  expect(existsSync(join(dir, 'stack.pid'))).toBe(false);
});
