import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SeedTargets } from './seed-targets.js';

/** The settings that determine every row of a graph. */
export interface GraphSettings {
  readonly seed: number;
  readonly domains: number;
  readonly links: number;
  readonly seedTargets: SeedTargets;
}

/** The size of a graph. `links` does not count the second rows of indirect links. */
export const graphCounts = z.object({ domains: z.coerce.number(), pages: z.coerce.number(), links: z.coerce.number() });

export type GraphCounts = Readonly<z.output<typeof graphCounts>>;

/** Raised with each change of the tables or the random draws, so that older files are generated again. */
export const GRAPH_VERSION = 3;

/** Two graphs have equal fingerprints exactly when all their rows are equal. */
export function fingerprintOf(settings: GraphSettings): string {
  const parts = [GRAPH_VERSION, settings.seed, settings.domains, settings.links, settings.seedTargets];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
