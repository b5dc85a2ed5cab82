import type { RouteGroup } from '../routing/route.js';
import { cancelJob } from './jobs/cancel-job.js';
import { deleteJob } from './jobs/delete-job.js';
import { followJob } from './jobs/follow-job.js';
import { followJobs } from './jobs/follow-jobs.js';
import { getJob } from './jobs/get-job.js';
import { getJobSeries } from './jobs/get-job-series.js';
import { listJobs } from './jobs/list-jobs.js';
import { pauseJob } from './jobs/pause-job.js';
import { resumeJob } from './jobs/resume-job.js';
import { retryJob } from './jobs/retry-job.js';
import { submitJob } from './jobs/submit-job.js';
import { createKey } from './keys/create-key.js';
import { deleteKey } from './keys/delete-key.js';
import { listKeys } from './keys/list-keys.js';
import { rotateKey } from './keys/rotate-key.js';
import { estimate } from './money/estimate.js';
import { getCapacity } from './money/get-capacity.js';
import { getTenant } from './money/get-tenant.js';
import { getUsage } from './money/get-usage.js';
import { setTenant } from './money/set-tenant.js';
import { getCalls } from './results/get-calls.js';
import { getManifest } from './results/get-manifest.js';
import { getResults } from './results/get-results.js';
import { getRows } from './results/get-rows.js';
import { getDocs } from './service/get-docs.js';
import { getHealth } from './service/get-health.js';
import { getMetrics } from './service/get-metrics.js';
import { getOpenApi } from './service/get-open-api.js';
import { getReadiness } from './service/get-readiness.js';
import { getRoot } from './service/get-root.js';
import { listProblems } from './service/list-problems.js';
import { adoptStorage } from './storage/adopt-storage.js';
import { getRecovery } from './storage/get-recovery.js';
import { recover } from './storage/recover.js';
import { getTag } from './tags/get-tag.js';
import { getTagDiff } from './tags/get-tag-diff.js';
import { getTagResults } from './tags/get-tag-results.js';
import { getTagTarget } from './tags/get-tag-target.js';
import { listTags } from './tags/list-tags.js';
import { deleteWatch } from './watches/delete-watch.js';
import { getWatch } from './watches/get-watch.js';
import { listWatchRuns } from './watches/list-watch-runs.js';
import { listWatches } from './watches/list-watches.js';
import { pauseWatch } from './watches/pause-watch.js';
import { resumeWatch } from './watches/resume-watch.js';
import { runWatch } from './watches/run-watch.js';
import { setWatch } from './watches/set-watch.js';
import { getDefaultWebhook } from './webhooks/get-default-webhook.js';
import { getWebhookSecret } from './webhooks/get-webhook-secret.js';
import { listDeliveries } from './webhooks/list-deliveries.js';
import { listEvents } from './webhooks/list-events.js';
import { redeliver } from './webhooks/redeliver.js';
import { rotateWebhookSecret } from './webhooks/rotate-webhook-secret.js';
import { setDefaultWebhook } from './webhooks/set-default-webhook.js';
import { testWebhook } from './webhooks/test-webhook.js';

/** Every route of the service, in the order of the documentation: app.ts serves these, and openapi/ describes them. */
export const ROUTES: readonly RouteGroup[] = [
  {
    name: 'Jobs',
    description: 'Send a list once, with a tag and a budget; steer it while it runs.',
    // `/v1/jobs/events` must come before `/v1/jobs/:id`, which would match it too.
    routes: [
      submitJob,
      listJobs,
      followJobs,
      getJob,
      followJob,
      getJobSeries,
      pauseJob,
      resumeJob,
      cancelJob,
      retryJob,
      deleteJob,
    ],
  },
  {
    name: 'Results',
    description: 'The outcome of a job: items, rows, calls and files.',
    routes: [getResults, getRows, getCalls, getManifest],
  },
  {
    name: 'Tags',
    description: 'A series of jobs that ask the same question, under a name that you choose.',
    routes: [listTags, getTag, getTagResults, getTagDiff, getTagTarget],
  },
  {
    name: 'Watches',
    description: 'Lists that are run again by cron or interval, within a budget for each period.',
    routes: [setWatch, listWatches, getWatch, deleteWatch, runWatch, pauseWatch, resumeWatch, listWatchRuns],
  },
  {
    name: 'Money and capacity',
    description: 'What a list would cost, what was spent, and how fast calls can be sent.',
    routes: [estimate, getUsage, getCapacity, listProblems, getTenant, setTenant],
  },
  {
    name: 'Webhooks',
    description:
      'POSTed to the `webhook` of a job, or the default one, with `webhook-id`, `webhook-timestamp` and `webhook-signature` (Standard Webhooks 1.0). Answer 2xx within 15 s; otherwise the event is sent again, with the same id, after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h. Events may arrive out of order: go by `timestamp`.',
    routes: [
      getDefaultWebhook,
      setDefaultWebhook,
      testWebhook,
      getWebhookSecret,
      rotateWebhookSecret,
      listEvents,
      listDeliveries,
      redeliver,
    ],
  },
  {
    name: 'Keys',
    description:
      "A tenant's own keys, each with a scope: `read` reads, `submit` also submits and controls jobs, `admin` also manages keys and webhooks. The operator's keys have every scope of their tenant. With the admin's key, `?tenant=` names the tenant; a new tenant gets its first key that way.",
    routes: [listKeys, createKey, rotateKey, deleteKey],
  },
  {
    name: 'Storage',
    description: 'For the admin alone.',
    routes: [adoptStorage, recover, getRecovery],
  },
  {
    name: 'Service',
    description: 'Open without a key.',
    routes: [getRoot, getHealth, getReadiness, getMetrics, getOpenApi, getDocs],
  },
];
