import { z } from 'zod';
import { createPage } from '../../docs/page.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { DOCS_PATH } from '../../routing/where-to-look.js';
import { conditional, fixedAnswer, unchanged } from './fixed-answer.js';

export const getDocs = defineRoute({
  method: 'get',
  path: DOCS_PATH,
  id: 'getDocs',
  summary: 'This description, as a page',
  description: 'Every call with its parameters, schemas and examples. The page loads nothing from elsewhere.',
  access: 'open',
  request: NO_INPUT,
  headers: conditional,
  answers: { 200: { description: 'The page.', contents: { 'text/html': z.string() } }, 304: unchanged },
  examples: [{ title: 'The page', given: 'nothing', status: 200 }],
  serve: ({ document }) =>
    fixedAnswer(() => {
      const { text, policy } = createPage(document());
      const headers = {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy,
        'referrer-policy': 'no-referrer',
      };
      return { text, headers };
    }),
});
