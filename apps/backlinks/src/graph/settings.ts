import { createHash } from 'node:crypto';
import type { SeedTargets } from './seed-targets.js';

/** What decides every row of a graph. */
export interface GraphSettings {
  readonly seed: number;
  readonly domains: number;
  readonly links: number;
  readonly seedTargets: SeedTargets;
}

/** How much a graph holds; `links` without the second rows of indirect ones. */
export interface GraphCounts {
  readonly domains: number;
  readonly pages: number;
  readonly links: number;
}

/** Raised with every change of the tables or of the draw, so that older files are made again. */
export const GRAPH_VERSION = 2;

/** A text that is equal for two graphs exactly when all their rows are. */
export function fingerprintOf(settings: GraphSettings): string {
  const parts = [GRAPH_VERSION, settings.seed, settings.domains, settings.links, settings.seedTargets];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
