import { job, jobStatus, jobsPage, resumption, retrial, submittedJob, tag } from '@linkhaul/schemas';
import { z } from 'zod';
import { EXAMPLE_OF_JOB, EXAMPLE_STATE, ofEndpoint, ofJob, paging, waitMs } from '../routes/parameters.js';
import { EXAMPLE_CSV, EXAMPLE_NDJSON, EXAMPLE_TSV, listBodies, listQuery } from './lists.js';
import type { Group, Operation } from './operation.js';

const aJob = { 200: { description: 'The job as it is now.', contents: { 'application/json': job } } };

const submit: Operation = {
  method: 'post',
  path: '/v1/jobs',
  id: 'submitJob',
  summary: 'Submit a list',
  description:
    'The service reads the list, stores its rows and prices them; only then does the job exist. With a JSON body the fields stand in it. With any other body they stand in the query, where `params`, `webhook` and `metadata` are JSON. A body may be gzipped. An upload may be slow, but not silent for 30 s.',
  access: 'tenant',
  query: z.object({ wait_ms: waitMs, ...listQuery }),
  headers: z.object({
    'Idempotency-Key': z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The same key and the same request make one job, for as long as it is kept.'),
  }),
  bodies: listBodies,
  answers: {
    202: {
      description: 'The job, with exact counts and its price, and how its list was read.',
      contents: { 'application/json': submittedJob },
      headers: { Location: "The job's path." },
    },
  },
  problems: ['budget_too_low', 'looks_separated', 'conflict', 'idempotency_key_busy', 'idempotency_key_reused'],
  examples: [
    {
      title: 'Two domains and a page, within a budget',
      given: 'nothing',
      body: {
        type: 'application/json',
        content: {
          endpoint: 'bulk_pages_summary',
          tag: 'weekly',
          targets: ['example.com', { target: 'https://example.org/pricing', id: 'row-2' }, 'blog.example.net'],
          params: { include_subdomains: true },
          max_cost_usd: 5,
        },
      },
      status: 202,
    },
    {
      title: 'A target a line, fields in the query',
      given: 'nothing',
      query: { endpoint: 'bulk_backlinks', tag: 'weekly', metadata: '{"client":"acme"}' },
      headers: { 'Idempotency-Key': 'weekly-2026-11-22' },
      body: { type: 'text/plain', content: 'example.com\nexample.org\n' },
      status: 202,
    },
    {
      title: 'Two columns of a CSV',
      given: 'nothing',
      query: { endpoint: 'bulk_backlinks', column: 'site', id_column: 'client' },
      body: { type: 'text/csv', content: EXAMPLE_CSV },
      status: 202,
    },
    {
      title: 'A column of a table with tabs',
      given: 'nothing',
      query: { endpoint: 'bulk_backlinks', column: 'site' },
      body: { type: 'text/tab-separated-values', content: EXAMPLE_TSV },
      status: 202,
    },
    {
      title: 'A JSON value a line',
      given: 'nothing',
      query: { endpoint: 'bulk_backlinks' },
      body: { type: 'application/x-ndjson', content: EXAMPLE_NDJSON },
      status: 202,
    },
    {
      title: 'A field that does not exist is refused, and the near one named',
      given: 'nothing',
      body: {
        type: 'application/json',
        content: { endpoint: 'bulk_backlinks', targets: ['example.com'], max_cost: 5 },
      },
      status: 422,
    },
  ],
};

const list: Operation = {
  method: 'get',
  path: '/v1/jobs',
  id: 'listJobs',
  summary: 'List jobs',
  description: 'Newest first. A page may be short while `next_cursor` is not null: the filter goes on behind it.',
  access: 'tenant',
  query: z.object({
    tag: tag.optional(),
    status: z.array(jobStatus).optional(),
    endpoint: ofEndpoint,
    metadata: z
      .record(z.string(), z.string())
      .optional()
      .meta({ style: 'deepObject', description: 'Pairs that a job must have, such as `metadata[client]=acme`.' }),
    ...paging,
  }),
  answers: { 200: { description: 'A page of jobs.', contents: { 'application/json': jobsPage } } },
  examples: [
    { title: 'The latest five', given: 'finished job', query: { limit: '5' }, status: 200 },
    {
      title: "A client's jobs that are not finished",
      given: 'queued job',
      query: { 'metadata[client]': 'acme', status: 'queued,planning,running,paused' },
      status: 200,
    },
  ],
};

const get: Operation = {
  method: 'get',
  path: '/v1/jobs/:id',
  id: 'getJob',
  summary: 'Get a job',
  description: 'Status, counts, cost and history; cheap at any size.',
  access: 'tenant',
  params: ofJob,
  query: z.object({ wait_ms: waitMs }),
  answers: aJob,
  problems: ['not_found'],
  examples: [
    { title: 'A job', given: 'queued job', params: EXAMPLE_OF_JOB, status: 200 },
    {
      title: 'A job when it is finished, or as it is after 20 s',
      given: 'finished job',
      params: EXAMPLE_OF_JOB,
      query: { wait_ms: '20000' },
      status: 200,
    },
  ],
};

const pause: Operation = {
  method: 'post',
  path: '/v1/jobs/:id/pause',
  id: 'pauseJob',
  summary: 'Pause a job',
  description: 'No further call is sent; those in flight come to their end. Safe to repeat.',
  access: 'tenant',
  params: ofJob,
  answers: aJob,
  problems: ['not_found', 'conflict'],
  examples: [{ title: 'Pause', given: 'queued job', params: EXAMPLE_OF_JOB, status: 200 }],
};

const resume: Operation = {
  method: 'post',
  path: '/v1/jobs/:id/resume',
  id: 'resumeJob',
  summary: 'Resume a job, or give it another budget',
  description:
    'Safe to repeat. A new budget is also taken of a job that runs; 422 where it does not pay for what is spent and open and for a call. A job with `start` `manual` that is resumed before it is planned runs as soon as it is. Resuming a job after its deadline lifts the deadline.',
  access: 'tenant',
  params: ofJob,
  bodies: { 'application/json': resumption },
  answers: aJob,
  problems: ['not_found', 'conflict', 'budget_too_low'],
  examples: [
    {
      title: 'Go on with a budget of $20',
      given: 'queued job',
      params: EXAMPLE_OF_JOB,
      body: { type: 'application/json', content: { max_cost_usd: 20 } },
      status: 200,
    },
    { title: 'A finished job cannot be resumed', given: 'finished job', params: EXAMPLE_OF_JOB, status: 409 },
  ],
};

const cancel: Operation = {
  method: 'post',
  path: '/v1/jobs/:id/cancel',
  id: 'cancelJob',
  summary: 'Cancel a job',
  description:
    'Rows that were not sent are skipped at once; rows in flight stay pending until their answer is stored, and then the job is finished. Safe to repeat.',
  access: 'tenant',
  params: ofJob,
  answers: aJob,
  problems: ['not_found', 'conflict'],
  examples: [{ title: 'Cancel', given: 'queued job', params: EXAMPLE_OF_JOB, status: 200 }],
};

const events: Operation = {
  method: 'get',
  path: '/v1/jobs/:id/events',
  id: 'followJob',
  summary: 'Follow a job',
  description:
    'Server-sent events, until the job is finished: first the job as it is, then at each change as it is then, at most five a second; a comment every 15 s. A slow reader gets the newest state, not those between.',
  access: 'tenant',
  params: ofJob,
  headers: z.object({
    'Last-Event-ID': z.string().optional().describe('The `id` of the last state seen, which is not sent again.'),
  }),
  answers: {
    200: {
      description: 'The stream.',
      contents: {
        'text/event-stream': z
          .string()
          .describe('Events called `job`: `id` names the state, `data` is the job in the form of `GET /v1/jobs/{id}`.'),
      },
    },
    204: { description: 'The job is finished, in the state that was seen last.', contents: {} },
  },
  problems: ['not_found'],
  examples: [
    { title: 'Until it is finished', given: 'queued job', params: EXAMPLE_OF_JOB, status: 200 },
    {
      title: 'A finished job whose last state was seen',
      given: 'seen job',
      params: EXAMPLE_OF_JOB,
      headers: { 'Last-Event-ID': EXAMPLE_STATE },
      status: 204,
    },
  ],
};

const retry: Operation = {
  method: 'post',
  path: '/v1/jobs/:id/retry',
  id: 'retryJob',
  summary: 'Run failed and skipped rows again',
  description:
    'Of a finished job, as a further run of it: `running`, `run` + 1, and the rows are pending again as soon as the run is planned; a list whose page failed goes on at that page. Rows that are `answer_damaged` are taken where `codes` names it, and bought again. 409 while anything is open, and where no row is of the choice. A cursor that was given before is 409: begin again without it.',
  access: 'tenant',
  params: ofJob,
  bodies: { 'application/json': retrial },
  answers: aJob,
  problems: ['not_found', 'conflict', 'budget_too_low'],
  examples: [
    {
      title: 'Failed rows that may work out now, within $20',
      given: 'finished job',
      params: EXAMPLE_OF_JOB,
      body: { type: 'application/json', content: { status: ['failed'], max_cost_usd: 20 } },
      status: 200,
    },
    {
      title: 'A job that is not finished cannot be run again',
      given: 'queued job',
      params: EXAMPLE_OF_JOB,
      status: 409,
    },
  ],
};

const remove: Operation = {
  method: 'delete',
  path: '/v1/jobs/:id',
  id: 'deleteJob',
  summary: 'Delete a job',
  description: 'A finished one: gone at once, rows and results with it. What it cost stays in the usage.',
  access: 'tenant',
  params: ofJob,
  answers: { 204: { description: 'It is gone.', contents: {} } },
  problems: ['not_found', 'conflict'],
  examples: [
    { title: 'Delete', given: 'finished job', params: EXAMPLE_OF_JOB, status: 204 },
    {
      title: 'A job that is not finished is cancelled first',
      given: 'queued job',
      params: EXAMPLE_OF_JOB,
      status: 409,
    },
  ],
};

export const jobs: Group = {
  name: 'Jobs',
  description: 'Send a list once, with a tag and a budget; steer it while it runs.',
  operations: [submit, list, get, events, pause, resume, cancel, retry, remove],
};
