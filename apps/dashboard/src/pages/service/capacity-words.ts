import { type CapacityView, isOutageReason, isWaitReason, type WaitReason } from '@linkhaul/schemas';
import { duration } from '../../format/times.js';
import { BINDING_WORDS, pauseWords } from '../../format/words.js';

const WAIT_WORDS: Readonly<Record<WaitReason, string>> = {
  rate: 'The upstream says that requests come too fast',
  in_flight: 'The upstream says that too many requests are open',
  too_many: 'The upstream says that there are too many requests',
  failing: 'The upstream has failed several times in a row',
};

/** Why the account sends nothing, and for how long; null while it sends. */
export function waitSentence({ paused }: Pick<CapacityView, 'paused'>, now: number): string | null {
  if (paused === null) return null;
  const { reason } = paused;
  const why = isWaitReason(reason) ? WAIT_WORDS[reason] : pauseWords(reason);
  const ms = Date.parse(paused.until) - now;
  const then = isOutageReason(reason) ? 'The next try is' : 'Requests go on';
  return `${why}. ${then} ${ms > 0 ? `in ${duration(ms)}` : 'at any moment'}.`;
}

/** What keeps the service from sending faster. */
export function boundSentence({ bound_by, bound_detail }: Pick<CapacityView, 'bound_by' | 'bound_detail'>): string {
  if (bound_detail !== null) return bound_detail;
  return bound_by === null ? 'Nothing holds the service back now.' : `${BINDING_WORDS[bound_by]}.`;
}

/** Whether more workers would help, in a sentence. */
export function workersSentence({ live, useful_max }: Pick<CapacityView['workers'], 'live' | 'useful_max'>): string {
  if (live === 0) return 'No worker is alive: nothing is sent until one is started.';
  if (live < useful_max) return `Up to ${useful_max} workers would make it faster.`;
  return 'More workers would not make it faster.';
}

export interface QueueLine {
  readonly words: string;
  readonly count: number;
}

/** The work under way of all tenants. Only admins see it. */
export function queueLines({ queues }: Pick<CapacityView, 'queues'>): readonly QueueLine[] {
  if (queues === null) return [];
  const { jobs, calls, events, deliveries } = queues;
  return [
    { words: 'Jobs that are not finished', count: jobs },
    { words: 'Calls that wait for a worker', count: calls.waiting },
    { words: 'Calls that are being sent', count: calls.sending },
    { words: 'Calls that are tried again later', count: calls.delayed },
    { words: 'Calls whose fate is looked up', count: calls.unknown },
    { words: 'Events that are not seen to yet', count: events },
    { words: 'Webhooks on their way', count: deliveries },
  ];
}
