import { isoTime, type StoredApiKey } from '@linkhaul/jobs';
import { type ApiKeyView, newApiKey } from '@linkhaul/schemas';
import { Hono } from 'hono';
import { z } from 'zod';
import { ApiProblem } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, queryOf } from './query.js';
import { readSmallBody } from './small-body.js';

const NO_FIELDS = z.strictObject({});
const NOT_STORED = { 'cache-control': 'no-store' };

/** `/v1/keys`: a tenant's own keys. The secret of a key is in the answer that makes it, and nowhere else. */
export function keyRoutes({ apiKeys, logger }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/v1/keys', async (c) => {
      checkQuery(queryOf(c), { known: [] });
      const keys = await apiKeys.list(c.get('tenant'));
      return c.json({ keys: keys.map(viewOf), next_cursor: null });
    })
    .post('/v1/keys', async (c) => {
      checkQuery(queryOf(c), { known: [] });
      const asked = await readSmallBody(c, newApiKey);
      const made = await apiKeys.create(c.get('tenant'), asked);
      if (made === null) throw new ApiProblem('conflict', 'This tenant has a thousand keys: delete some.');
      logger.warn({ tenant: made.key.tenant, key: made.key.id, scope: made.key.scope }, 'key made');
      return c.json({ ...viewOf(made.key), key: made.secret }, 201, NOT_STORED);
    })
    .post('/v1/keys/:id/rotate', async (c) => {
      checkQuery(queryOf(c), { known: [] });
      await readSmallBody(c, NO_FIELDS);
      const made = await apiKeys.rotate(c.get('tenant'), c.req.param('id'));
      if (made === null) throw noKey(c.req.param('id'));
      logger.warn({ tenant: made.key.tenant, key: made.key.id }, 'key rotated');
      return c.json({ ...viewOf(made.key), key: made.secret }, 200, NOT_STORED);
    })
    .delete('/v1/keys/:id', async (c) => {
      checkQuery(queryOf(c), { known: [] });
      const [tenant, key] = [c.get('tenant'), c.req.param('id')];
      if (!(await apiKeys.revoke(tenant, key))) throw noKey(key);
      logger.warn({ tenant, key }, 'key revoked');
      return c.body(null, 204);
    });
}

function viewOf({ id, name, scope, hint, createdAt, usedAt }: StoredApiKey): ApiKeyView {
  const last_used_at = usedAt === null ? null : isoTime(usedAt);
  return { id, name, scope, hint, created_at: isoTime(createdAt), last_used_at };
}

function noKey(id: string): ApiProblem {
  return new ApiProblem('not_found', `There is no key ${id}.`);
}
