import type { Access } from '../src/index.js';

/** Copies what Redis holds. The returned function restores it: what was written since is lost. */
export async function momentOf({ redis, keys }: Pick<Access, 'redis' | 'keys'>): Promise<() => Promise<void>> {
  const names = () => redis.keys(`${keys.root}:*`);
  const copyOf = async (name: string) => ({ name, bytes: await redis.dumpBuffer(name), ms: await redis.pttl(name) });
  const held = await Promise.all((await names()).map(copyOf));
  return async () => {
    const now = await names();
    if (now.length > 0) await redis.unlink(...now);
    for (const { name, bytes, ms } of held) if (bytes !== null) await redis.restore(name, Math.max(0, ms), bytes);
  };
}
