import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildGraph } from '@linkhaul/backlinks';
import { repositoryRoot } from '@linkhaul/stack';
import { table } from '../figures.js';
import { writeGeneratedParts } from './parts.js';

const LINKS = 10_000_000;
const MEMORY = '800MB';
const WATCH_MS = 100;

interface Spent {
  readonly seconds: number;
  readonly cpu: number;
}

/** Builds a graph of generated parts: ten million links, or as many as the part says. Measures time and memory of each stage. */
export async function benchBuild(_env: NodeJS.ProcessEnv, say: (line: string) => void, part = String(LINKS)) {
  const links = Number(part);
  const folder = join(repositoryRoot, '.linkhaul', 'bench', `parts-${links}`);
  await mkdir(folder, { recursive: true });
  await writeGeneratedParts(folder, links);
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, WATCH_MS);
  const startedAt = clock();
  const stages = new Map<string, Spent>();
  let stage: { readonly name: string; readonly at: Spent } | null = null;
  const begin = (name: string) => {
    const now = clock();
    if (stage !== null) stages.set(stage.name, sum(stages.get(stage.name), since(stage.at, now)));
    stage = { name, at: now };
  };
  const onStep = ({ stage: name }: { stage: string }) => begin(name);
  const counts = await buildGraph(folder, { path: join(folder, 'graph.duckdb'), memory: MEMORY, onStep });
  begin('end');
  clearInterval(watch);
  const whole = since(startedAt, clock());
  const rows = [...stages].map(([name, spent]) => [name, spent.seconds.toFixed(1), spent.cpu.toFixed(1)]);
  for (const line of table([['stage', 's', 'CPU s'], ...rows])) say(line);
  say(
    `${counts.links} links, ${counts.pages} pages, ${counts.domains} domains: ${whole.seconds.toFixed(1)} s, ` +
      `${whole.cpu.toFixed(1)} s of CPU, at most ${Math.round(most / 1e6)} MB`,
  );
  return { ...counts, ...whole, most_mb: Math.round(most / 1e6) };
}

function clock(): Spent {
  const { user, system } = process.cpuUsage();
  return { seconds: performance.now() / 1000, cpu: (user + system) / 1e6 };
}

function since(before: Spent, now: Spent): Spent {
  return { seconds: now.seconds - before.seconds, cpu: now.cpu - before.cpu };
}

function sum(one: Spent = { seconds: 0, cpu: 0 }, other: Spent): Spent {
  return { seconds: one.seconds + other.seconds, cpu: one.cpu + other.cpu };
}
