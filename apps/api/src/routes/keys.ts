import { isoTime, type StoredApiKey } from '@linkhaul/jobs';
import { type ApiKeyView, newApiKey } from '@linkhaul/schemas';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { ApiProblem, invalidRequest } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, queryOf } from './query.js';
import { readSmallBody } from './small-body.js';
import { tenantName } from './tenants.js';

const NO_FIELDS = z.strictObject({});
const NOT_STORED = { 'cache-control': 'no-store' };

/**
 * `/v1/keys`: a tenant's own keys, or those of the tenant that the admin names. The secret of a key is in the answer that
 * makes it, and nowhere else.
 */
export function keyRoutes({ apiKeys, logger }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/v1/keys', async (c) => {
      const keys = await apiKeys.list(tenantOf(c));
      return c.json({ keys: keys.map(viewOf), next_cursor: null });
    })
    .post('/v1/keys', async (c) => {
      const tenant = tenantOf(c);
      const asked = await readSmallBody(c, newApiKey);
      const made = await apiKeys.create(tenant, asked);
      if (made === null) throw new ApiProblem('conflict', 'This tenant has a thousand keys: delete some.');
      logger.warn({ tenant, key: made.key.id, scope: made.key.scope, by: c.get('by') }, 'key made');
      return c.json({ ...viewOf(made.key), key: made.secret }, 201, NOT_STORED);
    })
    .post('/v1/keys/:id/rotate', async (c) => {
      const tenant = tenantOf(c);
      await readSmallBody(c, NO_FIELDS);
      const made = await apiKeys.rotate(tenant, c.req.param('id'));
      if (made === null) throw noKey(c.req.param('id'));
      logger.warn({ tenant, key: made.key.id, by: c.get('by') }, 'key rotated');
      return c.json({ ...viewOf(made.key), key: made.secret }, 200, NOT_STORED);
    })
    .delete('/v1/keys/:id', async (c) => {
      const [tenant, key] = [tenantOf(c), c.req.param('id')];
      if (!(await apiKeys.revoke(tenant, key))) throw noKey(key);
      logger.warn({ tenant, key, by: c.get('by') }, 'key revoked');
      return c.body(null, 204);
    });
}

/** Whose keys: the caller's own, or those of the tenant that the admin, who has none, names. */
function tenantOf(c: Context<AppEnv>): string {
  const { tenant: named } = checkQuery(queryOf(c), { known: ['tenant'] });
  const own = c.get('tenant');
  if (named === undefined) {
    if (own !== undefined) return own;
    throw invalidRequest('tenant', "is needed, as the admin's key belongs to no tenant: add ?tenant=<name>");
  }
  if (named === own || c.get('isAdmin')) return tenantName(named);
  throw new ApiProblem('forbidden', "Only the admin's key may name another tenant than its own: leave `tenant` out.");
}

function viewOf({ id, name, scope, hint, createdAt, usedAt }: StoredApiKey): ApiKeyView {
  const last_used_at = usedAt === null ? null : isoTime(usedAt);
  return { id, name, scope, hint, created_at: isoTime(createdAt), last_used_at };
}

function noKey(id: string): ApiProblem {
  return new ApiProblem('not_found', `There is no key ${id}.`);
}
