import { z } from 'zod';

/** `result[0]` of `GET /v3/appendix/user_data`: the account. Of all that it holds, what decides whether calls can go on. */
export const upstreamAccount = z.looseObject({
  /** US dollars. */
  money: z.looseObject({ balance: z.number().nullable().optional() }).nullable().optional(),
});
