import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '@linkhaul/stack';
import { familyOf } from '../processes.js';
import { makeArchives } from './archives.js';

const ARCHIVES = 4;
const PAGES = 1500;
const COMMAND = join(repositoryRoot, 'apps/backlinks/dist/graph-main.js');
const LOOK_MS = 100;
const MB = 1_000_000;

/** Measures how fast archives become parts, and how much memory all processes take together. */
export async function benchImport(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-import-'));
  try {
    const { paths, html, links } = await makeArchives(folder, ARCHIVES, PAGES);
    const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    say(`${ARCHIVES} archives of ${inMb(bytes)} with ${inMb(html)} of HTML and ${links} links between domains`);
    const { seconds, cpuSeconds, memory } = await runImport(paths, { env, into: join(folder, 'graph.duckdb') });
    const rate = html / MB / seconds;
    say(`read in ${seconds.toFixed(1)} s on ${availableParallelism()} cores: ${rate.toFixed(1)} MB of HTML a second`);
    say(`processor time ${cpuSeconds.toFixed(1)} s: ${(html / MB / cpuSeconds).toFixed(1)} MB a second of one core`);
    say(`memory of all processes together, at most: ${inMb(memory)}`);
    return { bytes, html, links, seconds, cpu_seconds: cpuSeconds, mb_per_second: rate, memory };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs the command until the parts exist. Building the graph from them is not measured. */
async function runImport(paths: readonly string[], { env, into }: { env: NodeJS.ProcessEnv; into: string }) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [COMMAND, 'import', ...paths, '--into', into], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const seen = { memory: 0, cpuSeconds: 0 };
  const timer = setInterval(() => void familyOf(child.pid ?? 0, seen), LOOK_MS);
  let said = '';
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const whole = new Promise<number>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('The parts are in')) resolve(performance.now() - startedAt);
    });
    void closed.then(() => reject(new Error(said)));
  });
  try {
    const seconds = (await whole) / 1000;
    return { seconds, ...seen };
  } finally {
    clearInterval(timer);
    child.kill('SIGTERM');
    await closed;
  }
}

function inMb(bytes: number): string {
  return `${Math.round(bytes / MB)} MB`;
}
