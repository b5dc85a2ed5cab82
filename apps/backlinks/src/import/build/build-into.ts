import type { DomainTier } from '@linkhaul/schemas';
import type { MakingStep } from '../../graph/making.js';
import { duration, type Screen } from '../progress.js';
import { buildInProcess } from './build-in-process.js';

interface Surroundings {
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** DuckDB's `memory_limit`. */
  readonly memory: string;
}

/** Builds the graph of a folder of parts, and says how far it is and what it came to. Answers whether it is there. */
export async function buildInto(
  { parts, into }: { readonly parts: string; readonly into: string },
  { screen, signal, env, memory }: Surroundings,
): Promise<boolean> {
  const started = performance.now();
  const seconds = () => duration((performance.now() - started) / 1000);
  let stage = '';
  const onStep = (step: MakingStep) => {
    if (step.stage !== stage) screen.write(`Building: ${step.stage} …\n`);
    stage = step.stage;
  };
  const outcome = await buildInProcess({ parts, into, memory }, { env, signal, onStep });
  if (signal.aborted) return false;
  if ('refused' in outcome) {
    screen.write(`${outcome.refused}.\n`);
    return false;
  }
  const { links, pages, domains, tier } = outcome.built;
  const [ofLinks, ofPages, ofDomains] = [links, pages, domains].map((count) => count.toLocaleString('en'));
  screen.write(
    `${into} holds ${ofLinks} links between ${ofPages} pages of ${ofDomains} domains${saidOf(tier)}; built in ${seconds()}.\n`,
  );
  return true;
}

function saidOf(tier: DomainTier | null): string {
  if (tier === null) return '';
  return `, and beside them ${tier.edges.toLocaleString('en')} edges between ${tier.domains.toLocaleString('en')} domains`;
}
