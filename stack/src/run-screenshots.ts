import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumBinary } from './chromium-binary.js';
import type { Terminal } from './entry.js';
import { environment } from './env.js';
import { repositoryRoot } from './repository.js';
import { makeJobs } from './screenshots/make-jobs.js';
import { takePictures } from './screenshots/take-pictures.js';
import { startStack } from './stack.js';

/** A graph that is generated in seconds, and is large enough for the jobs below. */
const GRAPH = { BACKLINKS_DOMAINS: '3000', BACKLINKS_LINKS: '200000' };
/** Slow enough to show one job while it runs. */
const UPSTREAM = { BACKLINKS_CONTROL: '1', BACKLINKS_LATENCY_MS: '300' };

/** Takes pictures of every page, with jobs over simulated data, and writes them to `docs/screenshots`. */
export async function screenshots({ say, interrupted }: Terminal): Promise<number> {
  const executablePath = await chromiumBinary({ env: environment, mayInstall: true, say });
  const dataDir = await mkdtemp(join(tmpdir(), 'linkhaul-screenshots-'));
  const stack = await startStack({
    dataDir,
    env: { PATH: environment.PATH, ...GRAPH, ...UPSTREAM },
    workers: 2,
    backlinks: true,
    mayInstall: true,
    say,
    signal: interrupted,
  });
  try {
    const jobs = await makeJobs(stack.client);
    const folder = join(repositoryRoot, 'docs/screenshots');
    const names = await takePictures({ address: stack.apiUrl, jobs, folder, executablePath });
    say(`${names.join('\n')}\n${names.length} pictures are in docs/screenshots.`);
  } finally {
    await stack.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
  return 0;
}
