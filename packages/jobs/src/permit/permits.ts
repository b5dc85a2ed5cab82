import type { Nanos } from '@linkhaul/schemas';
import type { Attempt } from '../call/settlement.js';
import type { Prices } from '../planning/prices.js';
import type { Grant } from './grant.js';

/** What the upstream allows an account, over all its workers. */
export interface AccountLimits {
  readonly maxPerMinute: number;
  readonly maxInFlight: number;
  /** How long a lease stands when nobody ends it: the upstream may still be at the request. */
  readonly leaseMs: number;
}

export interface GrantRequest extends Attempt {
  readonly rows: number;
  readonly money: AskedMoney;
  /** The epoch under which storage was asked for this attempt's answer, where a grant was refused as `unchecked`. */
  readonly checkedUnder?: string;
}

/** What a call may cost: its reservation is made with the grant, or there is no grant. */
interface AskedMoney {
  readonly mostItems: number;
  /** The fewest items that the call can be asked for with any use, where money is short. */
  readonly leastItems: number;
  /** The prices that are set: the highest of these, published and observed ones is reserved by. */
  readonly prices: Prices;
  /** The limit a day of tenants that have none of their own. */
  readonly tenantDaily: Nanos | null;
}

/**
 * What a request's end says of the upstream: `answered`, it works; `failing`, it does not; `neither`, it refused or slowed
 * the account, its answer cannot be read, or the request was cancelled here.
 */
export type Health = 'answered' | 'failing' | 'neither';

interface Ending {
  readonly health: Health;
  readonly sentAt: number;
  /** False where the upstream may still be at it: then its lease stands until it has run out. */
  readonly ended: boolean;
}

const LIMITS_MET = ['rate', 'in_flight', 'too_many'] as const;

/** Which of its limits the upstream says was met. */
export type LimitMet = (typeof LIMITS_MET)[number];

/** Why the whole account waits for a time: a limit was met, or the upstream fails. */
export const WAIT_REASONS = [...LIMITS_MET, 'failing'] as const;

/** Leave to send, one request at a time. Every request to the upstream's host needs one. */
export interface Permits {
  /** To be called before the first grant, where nothing of the account was ever in flight; else it changes nothing. */
  firstBoot(): Promise<void>;
  /** To be called every second: a Redis that comes back then says up to when it knows what the account's workers wrote. */
  markTime(): Promise<void>;
  /** Waits until the call may be sent now, and marks it `sending`; refused when the call or its job is not to be sent. */
  grant(request: GrantRequest, signal: AbortSignal): Promise<Grant>;
  /** Leave for a request that is no call. Look-ups go before calls in the queue. The lease to release. */
  lookUp(id: string, signal: AbortSignal): Promise<string>;
  /** Leave for a request that only looks at the account; it goes before calls as well. The lease to release. */
  probe(id: string, signal: AbortSignal): Promise<string>;
  release(lease: string): Promise<void>;
  /**
   * How a call has ended, for the account's breaker: this is its release as well, so that a success costs no word of its
   * own. `openings`: how often in a row the breaker has opened, where this has opened it; else 0.
   */
  end(lease: string, ending: Ending): Promise<{ openings: number }>;
  /** A grant that was not used, because it came too late or the process stops. */
  giveBack(at: Attempt): Promise<{ last: boolean }>;
  /** The whole account waits, in every worker; a longer wait is never made shorter. */
  slow(ms: number, met: LimitMet): Promise<void>;
}
