import { isoTime, type StoredApiKey } from '@linkhaul/jobs';
import type { ApiKeyView } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { z } from 'zod';
import { ApiProblem, invalidRequest } from '../../problem.js';
import type { AppEnv } from '../../services.js';
import { tenantName } from '../parameters.js';

/** The path of a key. */
export const ofKey = z.object({ id: z.string().describe("The key's id.") });

export const ofTenant = z.object({
  tenant: tenantName
    .optional()
    .describe(
      "Whose keys. Required with the admin's key, which may name any tenant; with any other key, only its own tenant may be named.",
    ),
});

/** The tenant whose keys are requested: the caller's own, or the one that the admin names. */
export function tenantOf(c: Context<AppEnv>, named: string | undefined): string {
  const own = c.get('tenant');
  if (named === undefined) {
    if (own !== undefined) return own;
    throw invalidRequest('tenant', "is needed, as the admin's key belongs to no tenant: add ?tenant=<name>");
  }
  if (named === own || c.get('isAdmin')) return named;
  throw new ApiProblem('forbidden', "Only the admin's key may name another tenant than its own: leave `tenant` out.");
}

export function keyView({ id, name, scope, hint, createdAt, usedAt }: StoredApiKey): ApiKeyView {
  const last_used_at = usedAt === null ? null : isoTime(usedAt);
  return { id, name, scope, hint, created_at: isoTime(createdAt), last_used_at };
}

export function noKey(id: string): ApiProblem {
  return new ApiProblem('not_found', `There is no key ${id}.`);
}
