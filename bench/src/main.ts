import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { benchAbuse } from './abuse/bench.js';
import { benchBacklinks } from './backlinks/bench.js';
import { benchBuild } from './build/bench.js';
import { benchClickHouse } from './clickhouse/bench.js';
import { benchImport } from './import/bench.js';
import { benchInterface } from './interface/bench.js';
import { benchLimits } from './limits/bench.js';
import { benchMoney } from './money/bench.js';
import { benchPipeline } from './pipeline/bench.js';
import { benchRedis } from './redis/bench.js';
import { benchReuse } from './reuse/bench.js';
import { benchScale } from './scale/bench.js';
import { benchTasks } from './tasks/bench.js';

type Bench = (env: NodeJS.ProcessEnv, say: (line: string) => void, part?: string) => Promise<unknown>;

/** Each bench prints its figures and stops its processes. Its result is also written as JSON. */
const BENCHES: Readonly<Record<string, Bench>> = {
  abuse: benchAbuse,
  backlinks: benchBacklinks,
  build: benchBuild,
  clickhouse: benchClickHouse,
  import: benchImport,
  interface: benchInterface,
  limits: benchLimits,
  money: benchMoney,
  pipeline: benchPipeline,
  redis: benchRedis,
  reuse: benchReuse,
  scale: benchScale,
  tasks: benchTasks,
};

const FOLDER = '.linkhaul/bench';

const [, , name = '', part] = process.argv;
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(`Usage: pnpm bench <${Object.keys(BENCHES).join(' | ')}>\n`);
  process.exitCode = 1;
} else {
  const lines: string[] = [];
  const say = (line: string) => {
    lines.push(line);
    process.stdout.write(`${line}\n`);
  };
  const figures = await bench(process.env, say, part);
  const report = { bench: name, ended_at: new Date().toISOString(), node: process.version, figures, lines };
  const path = join(FOLDER, `${name}.json`);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`\nWritten to ${path}\n`);
}
