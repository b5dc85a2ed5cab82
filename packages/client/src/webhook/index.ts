export { type Courier, createCourier, type ReceiverReply, type WebhookMessage } from './courier.js';
export { createFairShare, type FairShare } from './fair-share.js';
