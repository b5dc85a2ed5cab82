import { keysPage, newApiKey, shownApiKey } from '@linkhaul/schemas';
import { z } from 'zod';
import { EXAMPLE_KEY } from '../routes/parameters.js';
import type { Group, Operation } from './operation.js';

const ofKey = z.object({ id: z.string().describe("The key's id.") });
const EXAMPLE_OF_KEY = { id: EXAMPLE_KEY };

const ofTenant = z.object({
  tenant: z
    .string()
    .optional()
    .describe(
      "Whose keys: with the admin's key any tenant's, and then it must be given; with another its own, at most.",
    ),
});

const list: Operation = {
  method: 'get',
  path: '/v1/keys',
  id: 'listKeys',
  summary: 'List keys',
  description: 'Those that were made here; the keys that the operator has set are not among them.',
  access: 'any',
  query: ofTenant,
  answers: { 200: { description: 'All, without their secrets.', contents: { 'application/json': keysPage } } },
  examples: [
    { title: 'All keys', given: 'key', status: 200 },
    {
      title: "Another tenant's, as the admin",
      given: 'key of acme',
      as: 'admin',
      query: { tenant: 'acme' },
      status: 200,
    },
  ],
};

const create: Operation = {
  method: 'post',
  path: '/v1/keys',
  id: 'createKey',
  summary: 'Make a key',
  description: 'The secret is in the answer, and can never be read again.',
  access: 'any',
  query: ofTenant,
  bodies: { 'application/json': newApiKey },
  answers: {
    201: { description: 'The key, shown here and never again.', contents: { 'application/json': shownApiKey } },
  },
  problems: ['conflict'],
  examples: [
    {
      title: 'One that reads',
      given: 'nothing',
      body: { type: 'application/json', content: { name: 'dashboard', scope: 'read' } },
      status: 201,
    },
    {
      title: "A new tenant's first, as the admin",
      given: 'nothing',
      as: 'admin',
      query: { tenant: 'acme' },
      body: { type: 'application/json', content: { name: 'first', scope: 'admin' } },
      status: 201,
    },
  ],
};

const rotate: Operation = {
  method: 'post',
  path: '/v1/keys/:id/rotate',
  id: 'rotateKey',
  summary: 'Give a key another secret',
  description: 'The one before it counts no more.',
  access: 'any',
  query: ofTenant,
  params: ofKey,
  answers: {
    200: { description: 'The key, shown here and never again.', contents: { 'application/json': shownApiKey } },
  },
  problems: ['not_found'],
  examples: [
    { title: 'Another secret', given: 'key', params: EXAMPLE_OF_KEY, status: 200 },
    {
      title: "Of another tenant's key, as the admin",
      given: 'key of acme',
      as: 'admin',
      params: EXAMPLE_OF_KEY,
      query: { tenant: 'acme' },
      status: 200,
    },
  ],
};

const remove: Operation = {
  method: 'delete',
  path: '/v1/keys/:id',
  id: 'deleteKey',
  summary: 'Take a key away',
  description: 'From now on: the next request with it is refused.',
  access: 'any',
  query: ofTenant,
  params: ofKey,
  answers: { 204: { description: 'It is gone.', contents: {} } },
  problems: ['not_found'],
  examples: [
    { title: 'Take it away', given: 'key', params: EXAMPLE_OF_KEY, status: 204 },
    {
      title: "Another tenant's, as the admin",
      given: 'key of acme',
      as: 'admin',
      params: EXAMPLE_OF_KEY,
      query: { tenant: 'acme' },
      status: 204,
    },
    { title: 'There is no such key', given: 'nothing', params: EXAMPLE_OF_KEY, status: 404 },
  ],
};

export const keys: Group = {
  name: 'Keys',
  description:
    "A tenant's own keys, each with a scope: `read` reads, `submit` also spends and steers, `admin` also sees to keys and webhooks. The operator's keys have every scope of their tenant. With the admin's key `?tenant=` says whose: a tenant exists by its keys, and its first one is made so.",
  operations: [list, create, rotate, remove],
};
