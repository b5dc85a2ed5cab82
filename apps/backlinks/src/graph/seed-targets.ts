import { hostOf, normaliseTarget, registrableDomain } from '@linkhaul/schemas';

/** Real names that the generated web begins with, each list without repeats. */
export interface SeedTargets {
  /** Registrable domains, the most linked-to first. */
  readonly domains: readonly string[];
  readonly hosts: readonly string[];
  readonly pages: readonly string[];
}

/** Sorts lists of targets into what must exist for them to have numbers. Lines that are not targets are passed over. */
export function seedTargetsOf(lines: readonly string[]): SeedTargets {
  const domains = new Set<string>();
  const hosts = new Set<string>();
  const pages = new Set<string>();
  for (const line of lines) {
    const known = normaliseTarget(line, { as: 'given', keepWww: true, acceptsPages: true });
    if (!known.ok) continue;
    const host = hostOf(known.target);
    const domain = registrableDomain(host);
    // A page on a bare IP address has no domain that could be linked to.
    if (!normaliseTarget(host, { as: 'given', keepWww: true, acceptsPages: false }).ok) continue;
    domains.add(domain);
    for (const name of chainOf(host, domain)) hosts.add(name);
    if (known.kind === 'page') pages.add(known.target);
  }
  return { domains: [...domains], hosts: [...hosts], pages: [...pages] };
}

/** A host and every host above it, down to below its registrable domain: `a.b.example.com`, `b.example.com`. */
function chainOf(host: string, domain: string): string[] {
  const chain: string[] = [];
  for (let name = host; name !== domain; name = name.slice(name.indexOf('.') + 1)) chain.push(name);
  return chain;
}
