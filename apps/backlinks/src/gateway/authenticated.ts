import type { MiddlewareHandler } from 'hono';
import type { AppEnv, Deps } from '../context.js';
import { isSame } from '../credentials.js';
import { refuse } from './refuse.js';

const BEARER = /^Bearer +(\S+)$/i;

export function authenticated({ credentials }: Deps): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const [, token] = BEARER.exec(c.req.header('authorization') ?? '') ?? [];
    if (token !== undefined && credentials.token !== null && isSame(token, credentials.token)) return next();
    const request_id = c.get('requestId');
    return token === undefined
      ? refuse(c, 401, { code: 'missing_api_key', error: 'Send the API key as a bearer token.', request_id })
      : refuse(c, 401, { code: 'invalid_api_key', error: 'The API key is invalid.', request_id });
  };
}
