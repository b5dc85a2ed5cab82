// Reads a bill of materials and names each component whose licence is not among those that allow our use.
import { readFile } from 'node:fs/promises';
import { argv, exit, stderr, stdout } from 'node:process';

const ALLOWED = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD']);

/** Of a licence's expression, whether one of the licences that it leaves open to choose is allowed. */
function allows(expression) {
  return expression
    .replace(/[()]/g, '')
    .split(/ OR /)
    .some((choice) => choice.split(/ AND /).every((name) => ALLOWED.has(name.trim())));
}

function licencesOf({ licenses = [] }) {
  return licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? '');
}

const [, , path = ''] = argv;
const { components = [] } = JSON.parse(await readFile(path, 'utf8'));
const refused = components.filter((component) => {
  const licences = licencesOf(component);
  return licences.length === 0 || !licences.every(allows);
});
for (const component of refused) {
  stderr.write(
    `${component.purl}: the licence ${licencesOf(component).join(', ') || 'is not known'} is not allowed here\n`,
  );
}
// A bill with nothing in it would pass for one with nothing wrong.
if (refused.length > 0 || components.length === 0) exit(1);
stdout.write(`${components.length} components, all under allowed licences\n`);
