import { z } from 'zod';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { OPENAPI_PATH } from '../../routing/where-to-look.js';
import { conditional, fixedAnswer, unchanged } from './fixed-answer.js';

export const getOpenApi = defineRoute({
  method: 'get',
  path: OPENAPI_PATH,
  id: 'getOpenApi',
  summary: 'This description, as OpenAPI 3.1',
  description: 'Made from the schemas that the service parses requests with.',
  access: 'open',
  request: NO_INPUT,
  headers: conditional,
  answers: {
    200: { description: 'The document.', contents: { 'application/json': z.looseObject({ openapi: z.string() }) } },
    304: unchanged,
  },
  examples: [{ title: 'The document', given: 'nothing', status: 200 }],
  serve: ({ document }) =>
    fixedAnswer(() => ({ text: JSON.stringify(document()), headers: { 'content-type': 'application/json' } })),
});
