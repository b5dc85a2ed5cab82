import { ENDPOINTS, type Endpoint } from '../src/index.js';

const HEAD = `# Endpoints

One call of a bulk endpoint asks about many targets and gives one item for each. One call of a list endpoint asks about one target and gives a
page of its items. One call of a single endpoint asks about one target and gives all that there is. One call of a set endpoint asks what the
targets of one row have in common, and gives a page of it. The API's reference has every field of the items.

| endpoint | kind | what it gives | parameters | one call |
|---|---|---|---|---|
`;

/** The text of docs/endpoints.md. */
export function endpointsPage(): string {
  return HEAD + Object.values<Endpoint>(ENDPOINTS).map(lineOf).join('');
}

function lineOf(endpoint: Endpoint): string {
  const { name, kind, gives, params, acceptsPages } = endpoint;
  const named = Object.keys(params.shape).map((param) => `\`${param}\``);
  const pages = acceptsPages ? '' : ' Takes domains and subdomains only.';
  return `| \`${name}\` | ${kind} | ${gives}${pages} | ${named.join(', ') || 'none'} | ${callOf(endpoint)} |\n`;
}

function callOf(endpoint: Endpoint): string {
  if (endpoint.kind === 'single') return 'one target';
  if (endpoint.kind === 'list') return `one target, up to ${endpoint.maxLimit} items`;
  if (endpoint.kind === 'set') {
    const { maxTargets, maxExcluded, maxLimit } = endpoint;
    return `up to ${maxTargets} targets and ${maxExcluded} excluded ones, up to ${maxLimit} items`;
  }
  const { maxTargets, maxDomains } = endpoint;
  return `up to ${maxTargets} targets${maxDomains === null ? '' : `, of up to ${maxDomains} domains`}`;
}
