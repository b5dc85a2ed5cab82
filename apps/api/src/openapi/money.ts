import { capacity, estimate, tenant, tenantChange, usagePage } from '@linkhaul/schemas';
import { z } from 'zod';
import { paging, spreadsheet, waitMs } from '../routes/parameters.js';
import { EXAMPLE_CSV, EXAMPLE_NDJSON, EXAMPLE_TSV, listBodies, listQuery } from './lists.js';
import type { Group, Operation } from './operation.js';

const estimates: Operation = {
  method: 'post',
  path: '/v1/estimates',
  id: 'estimate',
  summary: 'Price a list',
  description:
    'Takes what a submission takes; runs nothing and stores nothing. With `probe=1`, for list endpoints, a job of its own buys an item a target within `max_cost_usd`, to learn how long the lists are.',
  access: 'any',
  query: z.object({
    probe: z.literal('1').optional().describe('Spends money: `max_cost_usd` is required.'),
    wait_ms: waitMs.describe('With `probe=1`: how long that may take; 50000 unless told.'),
    ...listQuery,
  }),
  bodies: listBodies,
  answers: {
    200: {
      description: 'Calls, cost and time, and how the list was read.',
      contents: { 'application/json': estimate },
    },
  },
  problems: ['budget_too_low', 'looks_separated'],
  examples: [
    {
      title: 'What 1,000 items a target would cost',
      given: 'nothing',
      body: {
        type: 'application/json',
        content: { endpoint: 'referring_domains', targets: ['example.com', 'example.org'], max_items_per_target: 1000 },
      },
      status: 200,
    },
    {
      title: 'A list of lines',
      given: 'worker',
      query: { endpoint: 'bulk_backlinks' },
      body: { type: 'text/plain', content: 'example.com\nexample.org\n' },
      status: 200,
    },
    {
      title: 'A column of a CSV',
      given: 'nothing',
      query: { endpoint: 'bulk_backlinks', column: 'site' },
      body: { type: 'text/csv', content: EXAMPLE_CSV },
      status: 200,
    },
    {
      title: 'A column of a table with tabs',
      given: 'nothing',
      query: { endpoint: 'bulk_backlinks', column: 'site' },
      body: { type: 'text/tab-separated-values', content: EXAMPLE_TSV },
      status: 200,
    },
    {
      title: 'A JSON value a line',
      given: 'nothing',
      query: { endpoint: 'bulk_backlinks' },
      body: { type: 'application/x-ndjson', content: EXAMPLE_NDJSON },
      status: 200,
    },
  ],
};

const usage: Operation = {
  method: 'get',
  path: '/v1/usage',
  id: 'getUsage',
  summary: 'Read what was bought',
  description:
    "By day of the call, in whole days, UTC; it stays when jobs are gone. With the admin's key that of all tenants.",
  access: 'any',
  query: z.object({
    from: z.iso.date().optional().describe('Inclusive; the last 30 days unless told, at most 25 months back.'),
    to: z.iso.date().optional().describe('Exclusive.'),
    group_by: z
      .array(z.string())
      .default(['day'])
      .describe('Some of `tenant`, `tag`, `endpoint`, `day`, `month` and `metadata.<key>`.'),
    format: z.enum(['json', 'csv']).default('json'),
    spreadsheet,
    ...paging,
  }),
  answers: {
    200: {
      description: 'A page of groups, or all as CSV.',
      contents: { 'application/json': usagePage, 'text/csv': z.string().describe('RFC 4180, with a header.') },
    },
  },
  examples: [
    { title: 'By tag and endpoint', given: 'finished job', query: { group_by: 'tag,endpoint' }, status: 200 },
    {
      title: 'By client, as CSV',
      given: 'finished job',
      query: { group_by: 'metadata.client', format: 'csv' },
      status: 200,
    },
  ],
};

const limits: Operation = {
  method: 'get',
  path: '/v1/capacity',
  id: 'getCapacity',
  summary: 'See what the upstream allows, and whether more workers would help',
  description:
    'The limits of the upstream account, what of them is in use, and what keeps calls from going faster. 503 before any worker has lived.',
  access: 'any',
  answers: { 200: { description: 'Limits, use and what binds.', contents: { 'application/json': capacity } } },
  examples: [
    { title: 'With a worker', given: 'worker', status: 200 },
    { title: 'Before any worker has lived', given: 'nothing', status: 503 },
  ],
};

const ofTenant = z.object({
  tenant: z
    .string()
    .regex(/^[\w-][\w.-]{0,63}$/)
    .describe('Letters, digits, `_`, `-` and `.`, not first.'),
});
const aTenant = {
  200: {
    description: 'Its budget, what of it is taken, how often it may ask, and its weight.',
    contents: { 'application/json': tenant },
  },
};

const getTenant: Operation = {
  method: 'get',
  path: '/v1/tenants/:tenant',
  id: 'getTenant',
  summary: "Read a tenant's limits",
  description: 'Its own; where it has none, the defaults of all tenants apply.',
  access: 'admin',
  params: ofTenant,
  answers: aTenant,
  examples: [{ title: 'A tenant', given: 'nothing', params: { tenant: 'acme' }, status: 200 }],
};

const setTenant: Operation = {
  method: 'put',
  path: '/v1/tenants/:tenant',
  id: 'setTenant',
  summary: 'Set what a tenant may spend, how often it may ask, and its share of the calls',
  description: 'Jobs that wait for it go on by themselves when it pays for them.',
  access: 'admin',
  params: ofTenant,
  bodies: { 'application/json': tenantChange },
  answers: aTenant,
  examples: [
    {
      title: '$250 a month',
      given: 'nothing',
      params: { tenant: 'acme' },
      body: { type: 'application/json', content: { budget_usd: 250, period: 'month' } },
      status: 200,
    },
    {
      title: '600 requests a minute, and no budget of its own',
      given: 'nothing',
      params: { tenant: 'acme' },
      body: { type: 'application/json', content: { budget_usd: null, requests_per_minute: 600 } },
      status: 200,
    },
    {
      title: 'Three calls for one of other tenants',
      given: 'nothing',
      params: { tenant: 'acme' },
      body: { type: 'application/json', content: { weight: 3 } },
      status: 200,
    },
  ],
};

export const money: Group = {
  name: 'Money and capacity',
  description: 'What a list would cost, what was spent, and how fast it may go.',
  operations: [estimates, usage, limits, getTenant, setTenant],
};
