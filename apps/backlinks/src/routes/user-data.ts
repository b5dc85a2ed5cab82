import { ENDPOINTS, usdOf } from '@linkhaul/schemas';
import type { AppContext, Deps } from '../context.js';
import { freeGet } from '../free-task.js';
import { servedOriginOf } from '../graph/origin.js';
import { PRICES } from '../price.js';
import type { State } from '../state.js';
import { sumOf, type Tally } from '../tally.js';

const LIVE = Object.keys(ENDPOINTS);
/** Free functions of the two APIs. */
const BACKLINKS_FREE = ['errors', 'id_list'];
const APPENDIX_FREE = ['user_data', 'errors'];

/** `GET /v3/appendix/user_data`: the account, its limits, use, balance and prices, and the graph's origin. Free. */
export function userData(deps: Deps): (c: AppContext) => Promise<Response> {
  const { state, credentials, graph } = deps;
  return freeGet(deps, { id: 'user_data', api: 'appendix', name: 'user_data' }, () => [
    {
      login: credentials.login,
      timezone: 'UTC',
      rates: ratesOf(state),
      money: moneyOf(state),
      price: pricesOf(state),
      backlinks_subscription_expiry_date: null,
      llm_mentions_subscription_expiry_date: null,
      origin: servedOriginOf(graph),
    },
  ]);
}

function ratesOf({ settings, balance }: State) {
  const { max_per_minute, id_list_per_minute } = settings;
  const live = each(LIVE, { live: max_per_minute });
  const minute = {
    total: max_per_minute,
    backlinks: { ...live, ...each(BACKLINKS_FREE, max_per_minute), id_list: id_list_per_minute },
    appendix: each(APPENDIX_FREE, max_per_minute),
  };
  return {
    limits: { day: null, minute },
    statistics: { day: callsOf(balance.day), minute: callsOf(balance.minute) },
  };
}

function moneyOf({ settings, balance }: State) {
  return {
    total: usdOf(balance.left() + balance.spent()),
    balance: usdOf(balance.left()),
    limits: { day: settings.cost_limit_usd === null ? null : { total: settings.cost_limit_usd }, minute: null },
    statistics: { day: spendingOf(balance.day), minute: spendingOf(balance.minute) },
  };
}

function callsOf(tally: Tally) {
  const { value, calls } = tally.read();
  return { value, ...byApi(calls) };
}

function spendingOf(tally: Tally) {
  const { value, nanos } = tally.read();
  return {
    value,
    ...byApi(new Map([...nanos].map(([path, spent]) => [path, usdOf(spent)]))),
    total: usdOf(sumOf(nanos)),
  };
}

/** Figures of functions, grouped by API. A live function's figure is nested one level deeper. */
function byApi(figures: ReadonlyMap<string, number>) {
  const backlinks: Record<string, number | { live: number }> = {};
  const appendix: Record<string, number> = {};
  for (const [path, figure] of figures) {
    const [api, name = ''] = path.split('/');
    if (api === 'appendix') appendix[name] = figure;
    else backlinks[name] = LIVE.includes(name) ? { live: figure } : figure;
  }
  return { total: sumOf(figures), backlinks, appendix };
}

function pricesOf({ settings }: State) {
  const { call, row } = PRICES[settings.price];
  const live = [priceOf('per_request', call), priceOf('per_result', row)];
  const free = [priceOf('per_request', 0), priceOf('per_result', 0)];
  const prices = (cost: typeof live) => ({ live: { priority_normal: cost } });
  return {
    backlinks: { ...each(LIVE, prices(live)), ...each(BACKLINKS_FREE, { priority_normal: free }) },
    appendix: each(APPENDIX_FREE, { priority_normal: free }),
  };
}

function priceOf(type: 'per_request' | 'per_result', cost: number) {
  return { cost, cost_type: type };
}

function each<T>(names: readonly string[], value: T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, value]));
}
