import type { StorageAdoption } from '@linkhaul/schemas';
import { Hono } from 'hono';
import { z } from 'zod';
import { requireAdmin } from '../middleware/authenticate.js';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, queryOf } from './query.js';
import { readSmallBody } from './small-body.js';

export const STORAGE_ADOPT = '/v1/storage/adopt';

const NO_FIELDS = z.strictObject({});

/**
 * `POST /v1/storage/adopt`, the admin's: the storage that is there now is this installation's. It was moved or exchanged on
 * purpose, or Redis has lost everything and is to begin anew beside it.
 */
export function storageAdopt({ installation, logger }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().post(STORAGE_ADOPT, requireAdmin, async (c) => {
    checkQuery(queryOf(c), { known: [] });
    await readSmallBody(c, NO_FIELDS);
    const { id, was, marked } = await installation.adopt();
    logger.warn({ installation: id, was, marked, by: c.get('by') }, 'storage adopted');
    const answer: StorageAdoption = { installation: id, was, marked };
    return c.json(answer);
  });
}
