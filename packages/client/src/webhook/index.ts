export { type Courier, createCourier, type ReceiverReply, type WebhookMessage } from './courier.js';
export { createPlaces, type Places } from './places.js';
