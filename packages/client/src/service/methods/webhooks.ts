import {
  type DefaultWebhookSetting,
  type DeliveriesPage,
  type DeliveryState,
  type DeliveryView,
  defaultWebhook,
  deliveriesPage,
  delivery,
  type EventsPage,
  eventsPage,
  type WebhookTestReply,
  webhookSecret,
  webhookTestReply,
} from '@linkhaul/schemas';
import { type CallOptions, get, type PageOptions, post, put } from '../request.js';
import type { Transport } from '../transport.js';

export interface DeliveriesFilter extends PageOptions {
  readonly job?: string;
  readonly status?: readonly DeliveryState[];
}

export interface EventsFilter extends CallOptions {
  /** The id of the last event that you have. */
  readonly after?: string;
  readonly limit?: number;
}

export function webhookMethods(transport: Transport) {
  return {
    /** The secret with which this tenant's webhooks are signed. */
    webhookSecret: async (options?: CallOptions): Promise<string> =>
      (await transport.read(get(['webhooks', 'secret'], options), webhookSecret)).secret,
    /** Makes a new secret and resolves with it. For a day, webhooks are signed with the old one too. */
    rotateWebhookSecret: async (options?: CallOptions): Promise<string> =>
      (await transport.read(post(['webhooks', 'secret', 'rotate'], options), webhookSecret)).secret,
    defaultWebhook: (options?: CallOptions): Promise<DefaultWebhookSetting> =>
      transport.read(get(['webhooks', 'default'], options), defaultWebhook),
    /** Sets where events of jobs without a webhook of their own are sent. With a `url` of null they are not sent. */
    setDefaultWebhook: (webhook: DefaultWebhookSetting, options?: CallOptions): Promise<DefaultWebhookSetting> =>
      transport.read(put(['webhooks', 'default'], options, webhook), defaultWebhook),
    /** Sends one `webhook.test`, and resolves with what the receiver answered. */
    testWebhook: (url: string, options?: CallOptions): Promise<WebhookTestReply> =>
      transport.read(post(['webhooks', 'test'], options, { url }), webhookTestReply),
    deliveries: (filter?: DeliveriesFilter): Promise<DeliveriesPage> =>
      transport.read(get(['deliveries'], filter), deliveriesPage),
    redeliver: (id: string, options?: CallOptions): Promise<DeliveryView> =>
      transport.read(post(['deliveries', id, 'redeliver'], options), delivery),
    /** All events, in order. */
    events: (filter?: EventsFilter): Promise<EventsPage> => transport.read(get(['events'], filter), eventsPage),
  };
}
