export { createUpstream, type IdListReply, type Upstream, type UpstreamOptions } from './client.js';
export type { UpstreamAuth } from './exchange.js';
export { FLAVOURS, type FlavourName, flavourAt } from './flavours.js';
export type { AccountReply } from './free-reply.js';
export type { ReplyHeaders, UpstreamReply } from './reply.js';
