import { z } from 'zod';
import { duration } from './durations.js';
import { MOST_USD } from './submission.js';

const period = z.enum(['day', 'month']);

const MOST_PER_MINUTE = 1_000_000;
const MOST_WEIGHT = 100;
const MAX_AGE = 'How old an answer of the tenant may be that answers a task in the form of DataForSEO.';
const SHARE = 'Its share of the calls, relative to other tenants that have calls to send.';

/** The body of `PUT /v1/tenants/:tenant`. */
export const tenantChange = z
  .strictObject({
    budget_usd: z.number().min(0).max(MOST_USD).nullable().optional(),
    period: period.optional().describe('The period of the budget, in UTC. Default: a day.'),
    requests_per_minute: z.int().min(1).max(MOST_PER_MINUTE).nullable().optional(),
    weight: z.int().min(1).max(MOST_WEIGHT).optional().describe(`${SHARE} Default: 1. It applies at once.`),
    max_age: duration.nullable().optional().describe(`${MAX_AGE} Jobs have a max_age of their own.`),
  })
  .meta({
    id: 'TenantChange',
    description: "Null removes a limit of the tenant's own. Missing fields stay as they are.",
  });

export const tenant = z
  .object({
    tenant: z.string(),
    budget_usd: z.number().nullable().describe('Its own; null if only the default of all tenants applies.'),
    period: period.nullable(),
    committed_usd: z.number().describe('In the present period, which is a day if the tenant has no budget of its own.'),
    default_daily_usd: z.number().nullable(),
    requests_per_minute: z.number().nullable().describe('Null: no limit.'),
    weight: z.int().describe(SHARE),
    max_age: z.string().nullable().describe(`${MAX_AGE} Null: each task is bought.`),
  })
  .meta({
    id: 'Tenant',
    description:
      'What a tenant may spend, how much of that is spent, unconfirmed or reserved, how often it may ask, its share of the calls, and which answers its tasks reuse.',
  });

export type TenantChange = z.infer<typeof tenantChange>;
export type Tenant = z.infer<typeof tenant>;
