import { z } from 'zod';
import { ifNoneMatch } from '../routes/parameters.js';
import type { Group, Operation } from './operation.js';

const healthz: Operation = {
  method: 'get',
  path: '/healthz',
  id: 'getHealth',
  summary: 'Whether this process lives',
  description: 'For a supervisor: it does not look at Redis or storage.',
  access: 'open',
  answers: {
    200: { description: 'It does.', contents: { 'application/json': z.object({ status: z.literal('ok') }) } },
  },
  examples: [{ title: 'Alive', given: 'nothing', status: 200 }],
};

const checks = z.record(z.string(), z.string()).describe('`ok`, or what is wrong, of all that it stands on.');

const readyz: Operation = {
  method: 'get',
  path: '/readyz',
  id: 'getReadiness',
  summary: 'Whether it can serve',
  description: 'Redis and storage answer, take writes and have room; of what does not, the address and its own words.',
  access: 'open',
  answers: {
    200: { description: 'It can.', contents: { 'application/json': z.object({ status: z.literal('ok'), checks }) } },
    503: {
      description: 'It cannot.',
      contents: { 'application/json': z.object({ status: z.literal('unavailable'), checks }) },
    },
  },
  examples: [{ title: 'Ready', given: 'nothing', status: 200 }],
};

const metrics: Operation = {
  method: 'get',
  path: '/metrics',
  id: 'getMetrics',
  summary: 'What a monitor should know',
  description:
    'With `Authorization: Bearer <METRICS_TOKEN>` where the service is given one; without one it is closed on a `HOST` that is not loopback. Each worker has one of its own.',
  access: 'open',
  answers: {
    200: {
      description: 'Of this process, and what all processes share.',
      contents: { 'text/plain': z.string().describe('The Prometheus text format, version 0.0.4.') },
    },
  },
  problems: ['unauthorized'],
  examples: [{ title: 'Metrics', given: 'worker', status: 200 }],
};

const root: Operation = {
  method: 'get',
  path: '/',
  id: 'getRoot',
  summary: 'Where the documentation is',
  description: 'A browser, which asks for `text/html`, is led to `/docs`.',
  access: 'open',
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
    302: { description: 'To `/docs`.', contents: {}, headers: { Location: 'The path of the page.' } },
  },
  examples: [
    { title: 'A program', given: 'nothing', status: 200 },
    { title: 'A browser', given: 'nothing', headers: { Accept: 'text/html' }, status: 302 },
  ],
};

const conditional = z.object({ 'If-None-Match': ifNoneMatch });
const unchanged = { description: 'Nothing has changed since.', contents: {} };

const document: Operation = {
  method: 'get',
  path: '/openapi.json',
  id: 'getOpenApi',
  summary: 'This description, as OpenAPI 3.1',
  description: 'Made from the schemas that the service works with.',
  access: 'open',
  headers: conditional,
  answers: {
    200: { description: 'The document.', contents: { 'application/json': z.looseObject({ openapi: z.string() }) } },
    304: unchanged,
  },
  examples: [{ title: 'The document', given: 'nothing', status: 200 }],
};

const page: Operation = {
  method: 'get',
  path: '/docs',
  id: 'getDocs',
  summary: 'This description, as a page',
  description: 'Every call with its parameters, schemas and examples. The page loads nothing.',
  access: 'open',
  headers: conditional,
  answers: { 200: { description: 'The page.', contents: { 'text/html': z.string() } }, 304: unchanged },
  examples: [{ title: 'The page', given: 'nothing', status: 200 }],
};

export const service: Group = {
  name: 'Service',
  description: 'Open without a key.',
  operations: [root, healthz, readyz, metrics, document, page],
};
