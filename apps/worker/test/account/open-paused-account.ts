import { createServer } from 'node:http';
import { createUpstream, type FlavourName } from '@linkhaul/client';
import { type OutageReason, openAccountJobs } from '@linkhaul/jobs';
import { createLogger } from '@linkhaul/runtime';
import type { JobRef } from '@linkhaul/storage';
import { expect, onTestFinished } from 'vitest';
import { acceptJob } from '../../../../packages/jobs/test/accept-job.js';
import { pauseAccount } from '../../src/account/pause-account.js';
import type { Services } from '../../src/services.js';
import { openTestJobs } from '../open-jobs.js';
import { workerEnv } from '../worker-env.js';

const ACCOUNT = 'acme';

type AccountServices = Pick<
  Services,
  | 'env'
  | 'queues'
  | 'upstream'
  | 'store'
  | 'jobSteps'
  | 'outage'
  | 'permits'
  | 'dispatcher'
  | 'logger'
  | 'draining'
  | 'stopping'
>;

interface Told {
  balance: number;
  status: number;
}

/** An upstream whose answer about the account the test sets. */
async function startUpstream(told: Told): Promise<{ url: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    const task = { status_code: 20000, result: [{ money: { balance: told.balance } }] };
    const body = { status_code: told.status === 200 ? 20000 : 40100, tasks: told.status === 200 ? [task] : null };
    response.writeHead(told.status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, asked: () => asked };
}

function envAt(url: string, flavour: FlavourName) {
  const credentials = flavour === 'aisa' ? {} : { UPSTREAM_LOGIN: 'me', UPSTREAM_PASSWORD: 'secret' };
  return workerEnv({ UPSTREAM_URL: url, UPSTREAM_FLAVOR: flavour, ...credentials });
}

/** An account with its upstream, and the services that handle outages. */
export async function startAccount(told: Told, flavour: FlavourName = 'dataforseo') {
  const { url, asked } = await startUpstream(told);
  const env = envAt(url, flavour);
  const { access, jobs, subscriber } = await openTestJobs();
  const { redis, keys } = access;
  const upstream = createUpstream(env.upstream);
  onTestFinished(async () => {
    await upstream.close();
  });
  const worker = 'one';
  const services: AccountServices = {
    ...jobs,
    ...openAccountJobs(access, {
      ...jobs,
      subscriber,
      worker,
      account: ACCOUNT,
      host: upstream.host,
      limits: env.limits,
    }),
    env,
    upstream,
    logger: createLogger('worker', 'silent'),
    draining: new AbortController().signal,
    stopping: new AbortController().signal,
  };
  await services.permits.firstBoot();
  return {
    services,
    uploads: jobs.uploads,
    asked,
    /** Makes the next probe due. */
    due: () => redis.hset(keys.outage(ACCOUNT), 'due_at', 0),
    waitMs: async () => {
      const [at] = await redis.hmget(keys.outage(ACCOUNT), 'due_at');
      return Number(at) - Date.now();
    },
    /** Ends the account's wait. */
    endWait: () => redis.del(keys.accountWait(ACCOUNT)),
    breaker: () => redis.hmget(keys.permit(ACCOUNT), 'failed', 'opened'),
    /** Records one answered call. */
    answered: () => services.permits.end('a call', { health: 'answered', sentAt: Date.now() + 60_000, ended: true }),
  };
}

export type Account = Awaited<ReturnType<typeof startAccount>>;

export async function runningJob({ services: { store, jobSteps }, uploads }: Account): Promise<JobRef> {
  const job = await acceptJob({ store, uploads }, { valid: 1 });
  await jobSteps.planned(job, { roots: 1, callsPerPart: 1000, manual: false });
  return job;
}

export async function statuses({ services: { store } }: Account, jobs: readonly JobRef[]) {
  return Promise.all(jobs.map(async (job) => (await store.get(job))?.status));
}

export async function pausedFor(account: Account, reason: OutageReason): Promise<JobRef[]> {
  const jobs = [await runningJob(account), await runningJob(account), await runningJob(account)];
  await pauseAccount(reason, account.services);
  expect(await statuses(account, jobs)).toEqual(['paused', 'paused', 'paused']);
  return jobs;
}
