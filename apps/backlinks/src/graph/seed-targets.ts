import { hostOf, normaliseTarget, registrableDomain } from '@linkhaul/schemas';

/** Real names that the generated web contains. No list has duplicates. */
export interface SeedTargets {
  /** Registrable domains, the most linked-to first. */
  readonly domains: readonly string[];
  readonly hosts: readonly string[];
  readonly pages: readonly string[];
}

/**
 * Reads lists of targets and returns the domains, hosts and pages that must exist for these targets to have backlinks.
 * Skips lines that are not targets.
 */
export function seedTargetsOf(lines: readonly string[]): SeedTargets {
  const domains = new Set<string>();
  const hosts = new Set<string>();
  const pages = new Set<string>();
  for (const line of lines) {
    const known = normaliseTarget(line, { as: 'given', keepWww: true, acceptsPages: true });
    if (!known.ok) continue;
    const host = hostOf(known.target);
    const domain = registrableDomain(host);
    // A page on an IP address has no registrable domain.
    if (!normaliseTarget(host, { as: 'given', keepWww: true, acceptsPages: false }).ok) continue;
    domains.add(domain);
    for (const name of chainOf(host, domain)) hosts.add(name);
    if (known.kind === 'page') pages.add(known.target);
  }
  return { domains: [...domains], hosts: [...hosts], pages: [...pages] };
}

/** A host and its parents below the registrable domain: `a.b.example.com`, `b.example.com`. */
function chainOf(host: string, domain: string): string[] {
  const chain: string[] = [];
  for (let name = host; name !== domain; name = name.slice(name.indexOf('.') + 1)) chain.push(name);
  return chain;
}
