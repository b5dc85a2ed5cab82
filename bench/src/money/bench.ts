import { crashMatrix, crashTable } from './crash.js';
import { benchPacking } from './packing.js';

/** Measures what Linkhaul's plans save, and what dying workers cost. */
export async function benchMoney(env: NodeJS.ProcessEnv, say: (line: string) => void) {
  const packing = await benchPacking(say);
  const crashes = await crashMatrix(env, say);
  for (const line of ['', ...crashTable(crashes)]) say(line);
  return { packing, crashes };
}
