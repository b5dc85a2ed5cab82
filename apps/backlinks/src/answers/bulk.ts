import { z } from 'zod';
import type { Target } from './target.js';

/** Parameters of a query that asks about many targets; `asked` names their rows. */
export function bulkParams(targets: readonly Target[]) {
  return {
    echoes: targets.map(({ given }) => given),
    keys: targets.map(({ key }) => key),
    domains: targets.map(({ domain }) => domain),
  };
}

export const ASKED = 'asked AS (SELECT unnest($echoes) AS echo, unnest($keys) AS key, unnest($domains) AS domain)';

/** Answers come shuffled, as the upstream's do, by an order that depends on nothing but the target. */
export const SHUFFLED = `hash(echo || '#')`;

export const itemRow = z.object({ item: z.string() });
