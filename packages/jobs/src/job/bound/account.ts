import { isWaitReason, type WaitReason } from '@linkhaul/schemas';
import type { AccountFacts, Bound } from './facts.js';
import { counted, quoted, thereBe, timeOf } from './words.js';

type Judge = (facts: AccountFacts) => Bound | null;

/** Null if nothing keeps the account from sending more. */
export function boundOfAccount(facts: AccountFacts): Bound | null {
  return firstOf([...stopped, ...held, ...busy], (judge) => judge(facts));
}

/** The first bound that a judge finds. */
export function firstOf<J>(judges: readonly J[], ask: (judge: J) => Bound | null): Bound | null {
  for (const judge of judges) {
    const bound = ask(judge);
    if (bound !== null) return bound;
  }
  return null;
}

const noWorkers: Judge = ({ workers, capacity, host }) => {
  if (workers.live > 0 && capacity !== null) return null;
  if (workers.live === 0) {
    const { seenAt } = workers;
    const never = '0 workers are alive, and none has ever been.';
    return { by: 'no_workers', detail: seenAt === null ? never : `No worker has been alive since ${timeOf(seenAt)}.` };
  }
  return { by: 'no_workers', detail: `${thereBe(workers.live, 'worker')} alive, but none for ${host}.` };
};

const storageAway: Judge = ({ storage }) =>
  storage && {
    by: 'storage',
    detail: `Nothing has been sent since ${timeOf(storage.at)}, because answers could not be stored: ${quoted(storage.why)}.`,
  };

const WAITS: Readonly<Record<WaitReason, string>> = {
  rate: 'the upstream says that more requests came in a minute than it takes',
  in_flight: 'the upstream says that more requests were in flight than it takes',
  too_many: 'the upstream says that it was asked too often',
  failing: "the upstream's last answers were failures",
};

export const accountPaused: Judge = ({ capacity }) => {
  if (capacity?.outage) {
    const { reason, probeAt } = capacity.outage;
    const detail = `The account is paused, ${reason}: the next probe is at ${timeOf(probeAt)}.`;
    return { by: 'upstream_pause', detail };
  }
  if (!capacity?.wait) return null;
  const { untilMs, why } = capacity.wait;
  const detail = `The account waits until ${timeOf(untilMs)}, because ${isWaitReason(why) ? WAITS[why] : `of ${why}`}.`;
  return { by: 'upstream_pause', detail };
};

/** Calls without an answer hold their slots until their fate is known. */
const slotsInDoubt: Judge = ({ capacity, lookUps }) => {
  if (capacity === null || capacity.inDoubt < capacity.slots) return null;
  const detail = `${thereBe(capacity.inDoubt, 'slot')} held by calls without an answer; ${lookUpWords(lookUps)}.`;
  return { by: 'look_ups', detail };
};

const rate: Judge = ({ capacity }) => {
  if (!capacity?.rateBinds) return null;
  const sent = `The account has sent ${counted(capacity.sentLastMinute, 'request')} in the last minute`;
  return { by: 'upstream_rate', detail: `${sent}, of ${capacity.maxPerMinute.toLocaleString('en-US')} that it may.` };
};

const inFlight: Judge = ({ capacity }) => {
  if (capacity === null || !(capacity.slotsBind || capacity.inFlight >= capacity.slots)) return null;
  const sent = `${thereBe(capacity.inFlight, 'request')} in flight`;
  return { by: 'upstream_in_flight', detail: `${sent}, of ${capacity.slots} that the account may have at once.` };
};

const places: Judge = ({ capacity, workers }) => {
  if (capacity === null || capacity.inFlight === 0) return null;
  if (workers.places >= capacity.slots || capacity.inFlight < workers.places) return null;
  const take = workers.live === 1 ? 'takes' : 'take';
  const hold = `${counted(workers.live, 'worker')} ${take} ${counted(workers.places, 'call')} at once`;
  return { by: 'workers', detail: `${hold}, of ${capacity.slots} that the account may have.` };
};

/** Reasons why nothing is done for any job. */
export const stopped: readonly Judge[] = [noWorkers, storageAway];
/** Reasons why nothing is sent. */
export const held: readonly Judge[] = [accountPaused, slotsInDoubt];
/** What keeps the account from sending more than it does. */
export const busy: readonly Judge[] = [rate, inFlight, places];

/** What follows a semicolon in a sentence. */
export function lookUpWords({ failure, dueAt }: AccountFacts['lookUps']): string {
  const next = dueAt === null ? '' : `next at ${timeOf(dueAt)}`;
  if (failure === null) return `the record is asked ${next === '' ? 'within seconds' : next}`;
  const failed = `the last look-up failed at ${timeOf(failure.at)}: ${quoted(failure.why)}`;
  return next === '' ? failed : `${failed}; ${next}`;
}
