export { createUpstream, type IdListReply, type Upstream, type UpstreamAuth, type UpstreamOptions } from './client.js';
export { FLAVOURS, type FlavourName, flavourAt } from './flavours.js';
export type { AccountReply } from './free-reply.js';
export type { AnswerBytes, ReplyHeaders, UpstreamReply } from './reply.js';
