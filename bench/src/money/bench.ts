import { crashMatrix, crashTable } from './crash.js';
import { benchPacking } from './packing.js';

/** What Linkhaul's plans save, and what workers that die cost. */
export async function benchMoney(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<void> {
  await benchPacking(say);
  for (const line of crashTable(await crashMatrix(env, say))) say(line);
}
