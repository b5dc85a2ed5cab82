import {
  defaultWebhook,
  deliveriesPage,
  delivery,
  eventsPage,
  keysPage,
  shownApiKey,
  webhookSecret,
  webhookTestReply,
} from '@linkhaul/schemas';
import { queryOf } from './filters.js';
import type { LinkhaulClient } from './linkhaul-client.js';
import type { Transport } from './transport.js';

const JSON_BODY = { 'content-type': 'application/json' };

type OfWebhooks =
  | 'webhookSecret'
  | 'rotateWebhookSecret'
  | 'defaultWebhook'
  | 'setDefaultWebhook'
  | 'testWebhook'
  | 'deliveries'
  | 'redeliver'
  | 'events';

export function withWebhooks(transport: Transport): Pick<LinkhaulClient, OfWebhooks> {
  return {
    webhookSecret: async ({ signal } = {}) =>
      (await transport.read({ path: ['webhooks', 'secret'], signal }, webhookSecret)).secret,
    rotateWebhookSecret: async ({ signal } = {}) => {
      const path = ['webhooks', 'secret', 'rotate'];
      return (await transport.read({ method: 'POST', path, signal }, webhookSecret)).secret;
    },
    defaultWebhook: ({ signal } = {}) => transport.read({ path: ['webhooks', 'default'], signal }, defaultWebhook),
    setDefaultWebhook: (webhook, { signal } = {}) => {
      const body = JSON.stringify(webhook);
      const path = ['webhooks', 'default'];
      return transport.read({ method: 'PUT', path, headers: JSON_BODY, body, signal }, defaultWebhook);
    },
    testWebhook: (url, { signal } = {}) => {
      const body = JSON.stringify({ url });
      const path = ['webhooks', 'test'];
      return transport.read({ method: 'POST', path, headers: JSON_BODY, body, signal }, webhookTestReply);
    },
    deliveries: ({ job, status, cursor, limit, signal } = {}) =>
      transport.read({ path: ['deliveries'], query: queryOf({ job, status, cursor, limit }), signal }, deliveriesPage),
    redeliver: (id, { signal } = {}) =>
      transport.read({ method: 'POST', path: ['deliveries', id, 'redeliver'], signal }, delivery),
    events: ({ after, limit, signal } = {}) =>
      transport.read({ path: ['events'], query: queryOf({ after, limit }), signal }, eventsPage),
  };
}

export function withKeys(transport: Transport): Pick<LinkhaulClient, 'keys' | 'createKey' | 'rotateKey' | 'revokeKey'> {
  return {
    keys: async ({ tenant, signal } = {}) =>
      (await transport.read({ path: ['keys'], query: queryOf({ tenant }), signal }, keysPage)).keys,
    createKey: (key, { tenant, signal } = {}) =>
      transport.read(
        {
          method: 'POST',
          path: ['keys'],
          query: queryOf({ tenant }),
          headers: JSON_BODY,
          body: JSON.stringify(key),
          signal,
        },
        shownApiKey,
      ),
    rotateKey: (id, { tenant, signal } = {}) =>
      transport.read({ method: 'POST', path: ['keys', id, 'rotate'], query: queryOf({ tenant }), signal }, shownApiKey),
    revokeKey: async (id, { tenant, signal } = {}) => {
      await transport.send({ method: 'DELETE', path: ['keys', id], query: queryOf({ tenant }), signal });
    },
  };
}
