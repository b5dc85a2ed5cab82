import { ENDPOINTS, type Endpoint, result, resultsPage, submission, watchChange } from '@linkhaul/schemas';
import { z } from 'zod';
import { MAX_JSON_ROWS } from '../submit/json/json-body.js';
import { target } from '../submit/json/json-target.js';

const endpoints = Object.values<Endpoint>(ENDPOINTS);

/** Turns `bulk_backlinks` into `BulkBacklinks`. */
function nameOf({ name }: Endpoint): string {
  return name
    .split('_')
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join('');
}

const params = endpoints.map((endpoint) =>
  endpoint.params.meta({ id: `${nameOf(endpoint)}Params`, description: `\`params\` of \`${endpoint.name}\`.` }),
);

const items = endpoints.map((endpoint) =>
  endpoint.item.meta({
    id: `${nameOf(endpoint)}Item`,
    description: `An item of \`${endpoint.name}\`, as the upstream gave it; it may have more fields.`,
  }),
);

/** A submission with its list. Its `params` are described per endpoint. */
export const submissionBody = submission
  .extend({
    params: z
      .union(params)
      .default({})
      .describe("The endpoint's own parameters; targets, paging and tag are set by Linkhaul."),
    targets: z.array(target).max(MAX_JSON_ROWS).describe('Each a domain, a subdomain or the URL of a page.'),
  })
  .describe('A list of targets, and what to ask about each of them.');

/** A watch with its list. Its `params` are described per endpoint. */
export const watchBody = watchChange
  .extend({
    params: submissionBody.shape.params,
    list: z
      .array(target)
      .max(MAX_JSON_ROWS)
      .optional()
      .describe('Each a domain, a subdomain or the URL of a page. Left out, a watch keeps the list that it has.'),
  })
  .describe('A list of targets, what to ask about each of them, and when.');

/** A result line. Its `data` is described per endpoint. */
export const resultLine = result
  .extend({ data: z.union(items).nullable().describe("The upstream's item, unchanged.") })
  .meta({
    id: 'Result',
    description:
      'One line for each item. A row without items, or one that failed after some, has one more line with `position: null`.',
  });

export const resultLines = resultsPage.extend({ results: z.array(resultLine) }).meta({ id: 'ResultsPage' });
