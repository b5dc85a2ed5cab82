import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { repositoryRoot } from '../src/repository.js';
import { script } from './scripts.js';

const BUILT = pathToFileURL(join(repositoryRoot, 'stack', 'dist', 'index.js')).href;

/** A child that holds a connection to the test for as long as it lives, and ends by no signal but SIGKILL. */
const stubborn = (port: number) => `
import { connect } from 'node:net';
process.on('SIGTERM', () => {});
connect(${port}, '127.0.0.1', () => console.log('{"msg":"listening","port":1}'));
`;

test('children end when their parent is killed', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const entry = JSON.stringify(script(stubborn(port)));
  const parent = spawn(execPath, [
    script(`
      import { startProcess } from ${JSON.stringify(BUILT)};
      await startProcess({ name: 'stubborn', entry: ${entry}, env: {} });
      console.log('started');
    `),
  ]);
  const [connection] = await once(server, 'connection');
  const lines = createInterface({ input: parent.stdout });
  expect(await once(lines, 'line')).toEqual(['started']);
  const closed = once(connection.resume(), 'close');
  parent.kill('SIGKILL');
  await closed;
});
