import type { Environment, Say } from '../limits/service.js';
import { type Part, runParts } from '../parts.js';
import { benchDownloads } from './downloads.js';
import { benchIngest } from './ingest.js';
import { benchSmallJobs } from './small-jobs.js';
import { benchWebhooks } from './webhooks.js';

const PARTS: Readonly<Record<string, Part>> = {
  ingest: benchIngest,
  downloads: benchDownloads,
  small_jobs: benchSmallJobs,
  webhooks: benchWebhooks,
};

/** Measures uploads, downloads, small jobs and webhooks over HTTP: all parts, or one. */
export function benchInterface(env: Environment, say: Say, part?: string) {
  return runParts({ parts: PARTS, part }, env, say);
}
