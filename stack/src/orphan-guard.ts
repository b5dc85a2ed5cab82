import { type ChildProcess, spawn } from 'node:child_process';
import { execPath } from 'node:process';

/**
 * Starts a watcher process. Its standard input closes when this process ends, even by kill -9. The watcher then signals
 * every child on its list. Children run in their own process groups, so nothing else would end them.
 */
const WATCHER = `
const children = new Map();
const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const [verb, pid, signal] = line.split(' ');
  if (verb === 'watch') children.set(pid, signal);
  else children.delete(pid);
});
lines.on('close', () => {
  for (const [pid, signal] of children) {
    try {
      process.kill(Number(pid), signal);
    } catch {}
  }
});
`;

let watcher: ChildProcess | null = null;

/**
 * Adds a child to the watcher's list: it gets the signal when this process is gone. Returns a function that removes the
 * child.
 */
export function endWithParent(pid: number, signal: NodeJS.Signals): () => void {
  watcher ??= startWatcher();
  watcher.stdin?.write(`watch ${pid} ${signal}\n`);
  return () => void watcher?.stdin?.write(`forget ${pid}\n`);
}

function startWatcher(): ChildProcess {
  const child = spawn(execPath, ['-e', WATCHER], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // The watcher is only a safety net: losing it must not fail the work, and it must not keep this process alive.
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child;
}
