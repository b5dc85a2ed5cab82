import { ENDPOINTS } from '@linkhaul/schemas';
import { CODES, messageOf } from '../codes.js';
import type { AppContext, Deps } from '../context.js';
import { envelopeOf } from '../envelope.js';
import { newTaskId } from '../functions.js';
import { CALL_USD, ROW_USD } from '../price.js';
import { send } from '../send.js';

/** `GET /v3/appendix/user_data`: the account, its limits, its balance and its prices. Free. */
export function userData(deps: Deps): (c: AppContext) => Promise<Response> {
  return async (c) => {
    const { settings } = deps.state;
    const price = [
      { cost: CALL_USD, price_type: 'per_request' },
      { cost: ROW_USD, price_type: 'per_result' },
    ];
    const result = {
      login: deps.credentials.login,
      timezone: 'UTC',
      rates: { limits: { day: null, minute: settings.max_per_minute } },
      money: { balance: settings.balance_usd },
      price: { backlinks: Object.fromEntries(Object.keys(ENDPOINTS).map((name) => [name, { live: price }])) },
      backlinks_subscription_expiry_date: null,
    };
    const task = {
      id: newTaskId('user_data', new Date(deps.now())),
      code: CODES.ok,
      message: messageOf(CODES.ok),
      nanos: 0,
      tookMs: 0,
      path: ['v3', 'appendix', 'user_data'],
      data: { api: 'appendix', function: 'user_data' },
      resultCount: 1,
      result: JSON.stringify([result]),
      items: 0,
    };
    return send(c, envelopeOf([task], 0));
  };
}
