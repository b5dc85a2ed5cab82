import { z } from 'zod';
import { MOST_USD } from './jobs.js';

const period = z.enum(['day', 'month']);

export const tenantChange = z
  .strictObject({
    budget_usd: z.number().min(0).max(MOST_USD).nullable().describe("Null takes the tenant's own budget away."),
    period: period.optional().describe('UTC; a day unless told.'),
  })
  .meta({ id: 'TenantChange' });

export const tenant = z
  .object({
    tenant: z.string(),
    budget_usd: z.number().nullable().describe('Its own; null where only the default of all tenants applies.'),
    period: period.nullable(),
    committed_usd: z.number().describe('In the period that now is: a day where the tenant has no budget of its own.'),
    default_daily_usd: z.number().nullable(),
  })
  .meta({ id: 'Tenant', description: 'What a tenant may spend, and what of it is spent, unconfirmed or reserved.' });

export type TenantChange = z.infer<typeof tenantChange>;
export type Tenant = z.infer<typeof tenant>;
