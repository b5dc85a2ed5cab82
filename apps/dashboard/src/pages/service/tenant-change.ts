import type { Tenant, TenantChange } from '@linkhaul/schemas';

interface Budget {
  readonly usd: number;
  readonly period: 'day' | 'month';
  readonly isDefault: boolean;
}

/** The tenant's own limit, or else the default of all tenants; null if neither is set. */
export function budgetOf({ budget_usd, period, default_daily_usd }: Tenant): Budget | null {
  if (budget_usd !== null) return { usd: budget_usd, period: period ?? 'day', isDefault: false };
  return default_daily_usd === null ? null : { usd: default_daily_usd, period: 'day', isDefault: true };
}

export interface TenantTexts {
  readonly budget: string;
  readonly period: 'day' | 'month';
  readonly requests: string;
  readonly weight: string;
}

/** The initial texts of the form. An empty field means no limit. */
export function textsOf({ budget_usd, period, requests_per_minute, weight }: Tenant): TenantTexts {
  return {
    budget: budget_usd === null ? '' : String(budget_usd),
    period: period ?? 'day',
    requests: requests_per_minute === null ? '' : String(requests_per_minute),
    weight: String(weight),
  };
}

/** The whole form as one change. The service checks the numbers. */
export function changeOf({ budget, period, requests, weight }: TenantTexts): TenantChange {
  const limit = (text: string) => (text.trim() === '' ? null : Number(text));
  const budget_usd = limit(budget);
  return {
    budget_usd,
    ...(budget_usd !== null && { period }),
    requests_per_minute: limit(requests),
    weight: weight.trim() === '' ? 1 : Number(weight),
  };
}
