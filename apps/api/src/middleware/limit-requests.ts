import type { RequestLimits, RequestShare } from '@linkhaul/jobs';
import { createMiddleware } from 'hono/factory';
import { ApiProblem } from '../problem.js';
import type { AppEnv } from '../services.js';

const WINDOW_S = 60;

/** Limits each tenant's requests per minute. Every answer has headers that say how many requests are left. */
export function limitRequests(limits: RequestLimits) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const tenant = c.get('tenant');
    // The admin's key belongs to no tenant.
    if (tenant === undefined) return next();
    const share = await limits.take(tenant);
    if (share === null) return next();
    const headers = headersOf(share);
    if (share.left < 0) {
      const detail = `This tenant may make ${share.perMinute} requests a minute: go on in ${secondsLeft(share)} s.`;
      throw new ApiProblem('too_many_requests', detail, {
        headers: { ...headers, 'retry-after': String(secondsLeft(share)) },
      });
    }
    await next();
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
  });
}

/** Header names and forms of draft-ietf-httpapi-ratelimit-headers-08. */
function headersOf(share: RequestShare): Record<string, string> {
  return {
    'ratelimit-policy': `"default";q=${share.perMinute};w=${WINDOW_S}`,
    ratelimit: `"default";r=${Math.max(0, share.left)};t=${secondsLeft(share)}`,
  };
}

function secondsLeft({ nextMinuteMs }: RequestShare): number {
  return Math.max(1, Math.ceil(nextMinuteMs / 1000));
}
