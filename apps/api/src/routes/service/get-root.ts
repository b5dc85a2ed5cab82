import { accepts } from 'hono/accepts';
import { z } from 'zod';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { DOCS_PATH, OPENAPI_PATH } from '../../routing/where-to-look.js';

export const getRoot = defineRoute({
  method: 'get',
  path: '/',
  id: 'getRoot',
  summary: 'The page, and where the documentation is',
  description:
    'A browser, which asks for `text/html`, gets the page; where the service was built without one, it is redirected to `/docs`.',
  access: 'open',
  request: NO_INPUT,
  answers: {
    200: {
      description: 'The paths of the documentation.',
      contents: {
        'application/json': z.object({
          docs: z.string().describe('For people.'),
          openapi: z.string().describe('For programs.'),
        }),
      },
    },
    302: {
      description: 'To `/docs`, where there is no page.',
      contents: {},
      headers: { Location: 'The path of the page.' },
    },
  },
  examples: [
    { title: 'A program', given: 'nothing', status: 200 },
    { title: 'A browser', given: 'nothing', headers: { Accept: 'text/html' }, status: 302 },
  ],
  serve: () => (c) => {
    c.header('vary', 'Accept');
    const form = accepts(c, {
      header: 'Accept',
      supports: ['application/json', 'text/html'],
      default: 'application/json',
    });
    return form === 'text/html' ? c.redirect(DOCS_PATH) : c.json({ docs: DOCS_PATH, openapi: OPENAPI_PATH });
  },
});
