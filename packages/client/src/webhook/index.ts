export { type Courier, createCourier, type ReceiverReply, type WebhookMessage } from './courier.js';
