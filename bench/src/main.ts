import { benchBacklinks } from './backlinks/bench.js';
import { benchLimits } from './limits/bench.js';
import { benchMoney } from './money/bench.js';

/** Each prints its figures and stops what it started. */
const BENCHES: Readonly<Record<string, (env: NodeJS.ProcessEnv, say: (line: string) => void) => Promise<void>>> = {
  backlinks: benchBacklinks,
  limits: benchLimits,
  money: benchMoney,
};

const bench = BENCHES[process.argv[2] ?? ''];
if (bench === undefined) {
  process.stderr.write(`Usage: pnpm bench <${Object.keys(BENCHES).join(' | ')}>\n`);
  process.exitCode = 1;
} else {
  await bench(process.env, (line) => process.stdout.write(`${line}\n`));
}
