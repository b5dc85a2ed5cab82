import { existsSync, readFileSync } from 'node:fs';

/** Lists of real targets, one on each line, in the source tree. An image may lack them. */
const EXAMPLES = new URL('../../../examples/', import.meta.url);
const LISTS = ['domains.txt', 'pages.txt'];

/** The lines of the example lists that exist, domains first. */
export function exampleTargets(): string[] {
  return LISTS.map((name) => new URL(name, EXAMPLES))
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'));
}
