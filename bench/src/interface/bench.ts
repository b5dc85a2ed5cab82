import { benchDownloads } from './downloads.js';
import { benchIngest } from './ingest.js';
import { benchSmallJobs } from './small-jobs.js';
import { benchWebhooks } from './webhooks.js';

const PARTS = { ingest: benchIngest, downloads: benchDownloads, small_jobs: benchSmallJobs, webhooks: benchWebhooks };

/** Measures uploads, downloads, small jobs and webhooks over HTTP: all parts, or one. */
export async function benchInterface(env: NodeJS.ProcessEnv, say: (line: string) => void, part?: string) {
  const wanted = Object.entries(PARTS).filter(([name]) => part === undefined || name === part);
  if (wanted.length === 0) throw new Error(`There is no part ${part}: it has ${Object.keys(PARTS).join(', ')}`);
  const figures: Record<string, Record<string, string>[]> = {};
  for (const [name, bench] of wanted) {
    figures[name] = await bench(env, say);
    say('');
  }
  return figures;
}
