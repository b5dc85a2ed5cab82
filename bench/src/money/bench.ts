import { benchPacking } from './packing.js';

/** What Linkhaul's plans save. */
export async function benchMoney(_: NodeJS.ProcessEnv, say: (line: string) => void): Promise<void> {
  await benchPacking(say);
}
