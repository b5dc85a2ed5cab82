import type { Context } from 'hono';
import type { AppEnv, Services } from '../../services.js';
import type { Judged } from '../../submit/accept.js';
import type { Foreseen } from '../../submit/estimate/forecast.js';
import type { Taken } from './take-list.js';

interface Inputs {
  readonly taken: Taken;
  readonly judged: Judged;
  readonly services: Services;
}

/** What a forecast needs besides the estimate of the list. */
export async function forecastInputs(
  c: Context<AppEnv>,
  { taken, judged, services }: Inputs,
): Promise<Omit<Foreseen, 'estimate' | 'inInputOrder'>> {
  const { env, monitor, prices } = services;
  const [ahead, balance] = await Promise.all([
    monitor.ahead(env.upstreamHost),
    c.get('isAdmin') ? prices.balance(env.upstreamHost) : null,
  ]);
  const { bounds, estimate } = judged;
  return {
    rows: taken.intake,
    cheapestCall: estimate.cheapestCall,
    maxCost: bounds.maxCost,
    ahead,
    balance,
  };
}
