import { benchIngest } from './ingest.js';

/** How lists come in over HTTP. */
export async function benchInterface(env: NodeJS.ProcessEnv, say: (line: string) => void) {
  return { ingest: await benchIngest(env, say) };
}
