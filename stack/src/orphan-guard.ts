import { type ChildProcess, spawn } from 'node:child_process';
import { execPath } from 'node:process';

/**
 * A watcher whose standard input ends when this process does, however it ends: kill -9 too. It then signals every
 * child still on its list. Children run in process groups of their own, so nothing else would end them.
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

/** From now on the child gets the signal when this process is gone. Returns how to take it off the list again. */
export function endWithParent(pid: number, signal: NodeJS.Signals): () => void {
  watcher ??= startWatcher();
  watcher.stdin?.write(`watch ${pid} ${signal}\n`);
  return () => void watcher?.stdin?.write(`forget ${pid}\n`);
}

function startWatcher(): ChildProcess {
  const child = spawn(execPath, ['-e', WATCHER], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Losing the watcher costs only the safety net; it must neither fail the work nor keep this process alive.
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child;
}
