import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createCourier } from '@linkhaul/client';
import {
  type Access,
  accessTo,
  connectClient,
  connectReplicas,
  connectSubscriber,
  createInstallation,
  createSnapshots,
  openJobs,
  watchChanges,
  whenReady,
} from '@linkhaul/jobs';
import { createLogger, listen, NO_TRACING, watchProcess } from '@linkhaul/runtime';
import { type MockInstance, vi } from 'vitest';
import { createApp } from '../src/app.js';
import { readApiEnv } from '../src/env.js';
import { createFeeds } from '../src/live/feeds.js';
import { createApiMetrics } from '../src/metrics.js';
import { createDownloads } from '../src/results/downloads.js';
import type { Services } from '../src/services.js';
import { createAdmission } from '../src/submit/admission/admission.js';
import { REDIS_URL } from './redis.js';

type Redis = ReturnType<typeof connectClient>;

export interface Service extends Access {
  readonly services: Services;
  readonly subscriber: Redis;
  /** What was logged as an error of ours. */
  readonly errors: MockInstance;
  readonly storageUrl: string;
  readonly port: number;
  readonly url: string;
  /** Every file of the storage, and every key of Redis, by name; but those that BullMQ keeps for itself, and what every storage has. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
}

/** The app as main.ts builds it, on a port of its own, over the real Redis and a storage of its own. */
async function startService(settings: Record<string, string> = {}): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-api-'));
  const result = readApiEnv({
    PORT: '0',
    REDIS_URL,
    REDIS_PREFIX: `test-${randomBytes(8).toString('hex')}`,
    STORAGE_URL: pathToFileURL(folder).href,
    UPSTREAM_URL: 'http://127.0.0.1:1',
    ...settings,
  });
  if (!result.ok) throw new Error(result.problems.join('; '));
  const { env } = result;
  const redis = connectClient(env.redis);
  const subscriber = connectSubscriber(env.redis).setMaxListeners(0);
  await whenReady(redis);
  const storage = env.storage.open(env.redis);
  const access = accessTo(redis, env.redis.prefix);
  const { keys } = access;
  const jobs = openJobs(access);
  const installation = createInstallation(access, storage, async () => undefined);
  await installation.settle();
  const logger = createLogger('api', 'silent');
  const errors = vi.spyOn(logger, 'error');
  const courier = createCourier();
  const changes = watchChanges(subscriber, keys);
  const feeds = createFeeds({ ...jobs, changes });
  const vitals = watchProcess();
  const services: Services = {
    ...jobs,
    env,
    logger,
    tracing: NO_TRACING,
    storage,
    installation,
    replicas: connectReplicas(env.redis, keys),
    snapshots: createSnapshots(access, storage),
    downloads: createDownloads({ ...jobs, storage }),
    courier,
    changes,
    feeds,
    admission: createAdmission({ perTenant: env.uploadsPerTenant }),
    metrics: createApiMetrics(vitals),
    page: null,
  };
  const server = await listen(createApp(services).fetch, { host: '127.0.0.1', port: 0 });
  return {
    ...access,
    services,
    subscriber,
    errors,
    storageUrl: pathToFileURL(folder).href,
    port: server.port,
    url: `http://127.0.0.1:${server.port}`,
    async leftovers(): Promise<string[]> {
      const files = await readdir(folder, { recursive: true, withFileTypes: true });
      const found = await redis.keys(`${env.redis.prefix}:*`);
      return [
        ...files.filter((file) => file.isFile() && file.name !== 'installation').map((file) => file.name),
        ...found.filter(
          (key) => !key.startsWith(`${keys.bull}:`) && !/:(installation|storage-contents-complete)$/.test(key),
        ),
      ].sort();
    },
    async close() {
      feeds.close();
      vitals.close();
      await server.close(0);
      await jobs.queues.close();
      await courier.close();
      const found = await redis.keys(`${env.redis.prefix}:*`);
      if (found.length > 0) await redis.unlink(...found);
      await storage.close();
      redis.disconnect();
      subscriber.disconnect();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ends every service that a test file started. */
export function createStarter() {
  const open: Service[] = [];
  return {
    async start(settings?: Record<string, string>): Promise<Service> {
      const service = await startService(settings);
      open.push(service);
      return service;
    },
    async closeAll(): Promise<void> {
      for (const service of open.splice(0)) await service.close();
    },
  };
}
