export * from './browser.js';
export { WebhookRejected, type WebhookRejection } from './errors.js';
export { type Delivery, type VerifiedDelivery, verifyWebhook } from './verify-webhook.js';
