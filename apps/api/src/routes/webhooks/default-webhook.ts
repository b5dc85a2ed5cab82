import type { DefaultWebhook } from '@linkhaul/jobs';
import { defaultWebhook } from '@linkhaul/schemas';

/** The answer of the routes that read and set the default webhook. */
export const defaultWebhookAnswers = {
  200: { description: 'The default webhook.', contents: { 'application/json': defaultWebhook } },
};

export function defaultWebhookView(webhook: DefaultWebhook | null) {
  return { url: webhook?.url ?? null, ...(webhook?.events && { events: webhook.events }) };
}
