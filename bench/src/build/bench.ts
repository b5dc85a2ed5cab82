import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@linkhaul/stack';
import { table } from '../figures.js';
import { familyOf } from '../processes.js';
import { writeGeneratedParts } from './parts.js';

const LINKS = 10_000_000;
const COMMAND = join(repositoryRoot, 'apps/backlinks/dist/graph-main.js');
const LOOK_MS = 100;

interface Spent {
  readonly seconds: number;
  readonly cpu: number;
}

/** Builds a graph of generated parts: ten million links, or as many as the part says. Measures time and memory of each stage. */
export async function benchBuild(env: NodeJS.ProcessEnv, say: (line: string) => void, part = String(LINKS)) {
  const links = Number(part);
  const folder = join(repositoryRoot, '.linkhaul', 'bench', `parts-${links}`);
  await mkdir(folder, { recursive: true });
  await writeGeneratedParts(folder, links);
  const { stages, whole, memory, said } = await runBuild(folder, env);
  const rows = [...stages].map(([name, spent]) => [name, spent.seconds.toFixed(1), spent.cpu.toFixed(1)]);
  for (const line of table([['stage', 's', 'CPU s'], ...rows])) say(line);
  say(said);
  say(
    `${whole.seconds.toFixed(1)} s, ${whole.cpu.toFixed(1)} s of CPU, all processes together at most ${Math.round(memory / 1e6)} MB`,
  );
  return { links, ...whole, most_mb: Math.round(memory / 1e6) };
}

/** Runs the command as a user does, and looks at its processes meanwhile. */
async function runBuild(folder: string, env: NodeJS.ProcessEnv) {
  const words = ['build', '--parts', folder, '--into', join(folder, 'graph.duckdb')];
  const child = spawn(process.execPath, [COMMAND, ...words], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const startedAt = performance.now();
  const seen = { memory: 0, cpuSeconds: 0 };
  const timer = setInterval(() => void familyOf(child.pid ?? 0, seen), LOOK_MS);
  const now = (): Spent => ({ seconds: (performance.now() - startedAt) / 1000, cpu: seen.cpuSeconds });
  const stages = new Map<string, Spent>();
  let stage = { name: 'start', at: now() };
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = text.trimEnd().split('\n').at(-1) ?? said;
    const name = /^Building: (.*) …$/.exec(said)?.[1] ?? 'end';
    stages.set(stage.name, since(stage.at, now()));
    stage = { name, at: now() };
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(said);
  return { stages, whole: now(), memory: seen.memory, said };
}

function since(before: Spent, now: Spent): Spent {
  return { seconds: now.seconds - before.seconds, cpu: now.cpu - before.cpu };
}
