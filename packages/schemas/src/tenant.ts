import { z } from 'zod';
import { MOST_USD } from './jobs.js';

const period = z.enum(['day', 'month']);

const MOST_PER_MINUTE = 1_000_000;

/** The body of `PUT /v1/tenants/:tenant`. Null takes a limit of the tenant's own away; what is left out stays as it is. */
export const tenantChange = z.strictObject({
  budget_usd: z.number().min(0).max(MOST_USD).nullable().optional(),
  /** Of the budget, UTC; a day unless told. */
  period: period.optional(),
  requests_per_minute: z.int().min(1).max(MOST_PER_MINUTE).nullable().optional(),
});

/** What a tenant may spend, what of it is spent, unconfirmed or reserved, and how often it may ask. */
export const tenant = z.object({
  tenant: z.string(),
  /** Its own; null where only the default of all tenants applies. */
  budget_usd: z.number().nullable(),
  period: period.nullable(),
  /** In the period that now is: a day where the tenant has no budget of its own. */
  committed_usd: z.number(),
  default_daily_usd: z.number().nullable(),
  /** Null: as many as it likes. */
  requests_per_minute: z.number().nullable(),
});

export type TenantChange = z.infer<typeof tenantChange>;
export type Tenant = z.infer<typeof tenant>;
