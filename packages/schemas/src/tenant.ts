import { z } from 'zod';
import { MOST_USD } from './jobs.js';

const period = z.enum(['day', 'month']);

/** The body of `PUT /v1/tenants/:tenant`. A budget of null takes the tenant's own away. */
export const tenantChange = z.strictObject({
  budget_usd: z.number().min(0).max(MOST_USD).nullable(),
  /** UTC; a day unless told. */
  period: period.optional(),
});

/** What a tenant may spend, and what of it is spent, unconfirmed or reserved. */
export const tenant = z.object({
  tenant: z.string(),
  /** Its own; null where only the default of all tenants applies. */
  budget_usd: z.number().nullable(),
  period: period.nullable(),
  /** In the period that now is: a day where the tenant has no budget of its own. */
  committed_usd: z.number(),
  default_daily_usd: z.number().nullable(),
});

export type TenantChange = z.infer<typeof tenantChange>;
export type Tenant = z.infer<typeof tenant>;
