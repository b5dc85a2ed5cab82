export { createUpstream, type Upstream, type UpstreamAuth, type UpstreamOptions } from './client.js';
export { FLAVOURS, type FlavourName, flavourAt } from './flavours.js';
export type { AccountReply, IdListReply } from './free-reply.js';
export type { ReplyHeaders, UpstreamReply } from './reply.js';
