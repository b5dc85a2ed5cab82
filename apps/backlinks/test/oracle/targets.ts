import fc from 'fast-check';
import type { Targets } from './requests.js';
import type { World } from './world.js';

/** Names that no graph holds. */
const UNKNOWN = ['unknown-name.com', 'www.unknown-name.com', 'bücher.de', 'someone.github.io', 'a.b.unknown.co.uk'];

/** Targets known and unknown, in several spellings of the same. */
export function targetsIn(world: World, rich: readonly string[]): Targets {
  const names = [...world.hosts.keys()];
  const below = names.filter((host) => world.hosts.get(host)?.site.domain !== host);
  const host = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...rich) },
    fc.constantFrom(...names),
    fc.constantFrom(...below),
    fc.constantFrom(...names).chain((name) => fc.constantFrom(`www.${name}`, `not-there.${name}`)),
    fc.constantFrom(...UNKNOWN),
  );
  const linked = [...new Set(world.links.map(({ target }) => target.row.url))];
  const indirect = world.links.filter(({ row }) => row.via_page !== null).map(({ target }) => target.row.url);
  const page = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...linked) },
    { weight: 3, arbitrary: fc.constantFrom(...new Set(indirect)) },
    fc.constantFrom(...world.pages.keys()),
    fc.constantFrom(...linked).map((url) => `${url}not-there`),
    fc.constantFrom(...UNKNOWN).map((name) => `https://${name}/page?a=b`),
  );
  const hosts = host.chain((name) => fc.constantFrom(name, name, name.toUpperCase(), `${name}.`));
  return {
    hosts,
    any: fc.oneof(
      { weight: 2, arbitrary: hosts },
      page.chain((url) => fc.constantFrom(url, url, ...otherSpellings(url))),
    ),
  };
}

/** The same page in other words. */
function otherSpellings(url: string): string[] {
  const { protocol, host, pathname, search } = new URL(url);
  const port = protocol === 'https:' ? 443 : 80;
  return [
    `${url}#part`,
    `${protocol}//${host.toUpperCase()}${pathname}${search}`,
    `${protocol}//${host}:${port}${pathname}${search}`,
    `${protocol}//${host}/./${pathname.slice(1)}${search}`,
  ];
}
