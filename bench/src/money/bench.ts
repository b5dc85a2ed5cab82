import { crashMatrix, crashTable } from './crash.js';
import { benchPacking } from './packing.js';

/** What Linkhaul's plans save, and what workers that die cost. */
export async function benchMoney(env: NodeJS.ProcessEnv, say: (line: string) => void) {
  const packing = await benchPacking(say);
  const crashes = await crashMatrix(env, say);
  for (const line of ['', ...crashTable(crashes)]) say(line);
  return { packing, crashes };
}
