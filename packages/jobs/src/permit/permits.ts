import type { LimitMet, Nanos } from '@linkhaul/schemas';
import type { Attempt } from '../call/settlement.js';
import type { Prices } from '../planning/prices.js';
import type { Wanted } from '../reuse/reuse-index.js';
import type { Grant } from './grant.js';

/** What the upstream allows an account, over all its workers. */
export interface AccountLimits {
  readonly maxPerMinute: number;
  readonly maxInFlight: number;
  /** How long a lease lasts if nobody ends it: the upstream may still be working on the request. */
  readonly leaseMs: number;
}

export interface GrantRequest extends Attempt {
  readonly rows: number;
  readonly money: AskedMoney;
  /** The epoch under which storage was asked for this attempt's answer, if a grant was refused as `unchecked`. */
  readonly checkedUnder?: string;
  /** The targets that it buys, if its job says `max_age`. */
  readonly wanted?: Wanted;
}

/** What a call may cost. The money is reserved with the grant, or there is no grant. */
interface AskedMoney {
  readonly mostItems: number;
  /** The fewest items for which the call is worth sending, if money is short. */
  readonly leastItems: number;
  /** The configured prices. The highest of these, the published and the observed ones is reserved. */
  readonly prices: Prices;
  /** The daily limit of tenants that have no limit of their own. */
  readonly tenantDaily: Nanos | null;
}

/**
 * What the end of a request tells about the upstream. `answered`: it works. `failing`: it does not. `neither`: it
 * refused or slowed down the account, its answer cannot be read, or the request was cancelled here.
 */
export type Health = 'answered' | 'failing' | 'neither';

interface Ending {
  readonly health: Health;
  readonly sentAt: number;
  /** False if the upstream may still be working on the request: then its lease runs out by itself. */
  readonly ended: boolean;
}

/** Permission to send, one request at a time. Every request to the upstream's host needs one. */
export interface Permits {
  /** Called before the first grant if nothing of the account was ever in flight. Otherwise it changes nothing. */
  firstBoot(): Promise<void>;
  /**
   * Called every second. After a restart, Redis then knows up to when it has what the account's workers wrote, and which
   * workers must reassert.
   */
  markTime(): Promise<void>;
  /** Reports that this worker asks for no more grants. */
  withdraw(): Promise<void>;
  /** Waits until the call may be sent now, and marks it `sending`. Refused if the call or its job must not be sent. */
  grant(request: GrantRequest, signal: AbortSignal): Promise<Grant>;
  /**
   * Permission for a request that is not a call. Look-ups go before calls in the queue. Returns the lease to release.
   */
  lookUp(id: string, signal: AbortSignal): Promise<string>;
  /**
   * Permission for a request that only asks about the account. It also goes before calls. Returns the lease to release.
   */
  probe(id: string, signal: AbortSignal): Promise<string>;
  release(lease: string): Promise<void>;
  /**
   * Tells the account's breaker how a call has ended, and releases the lease in the same step. `openings`: how often in
   * a row the breaker has opened, if this report opened it; else 0.
   */
  end(lease: string, ending: Ending): Promise<{ openings: number }>;
  /** Gives back a grant that was not used, because it came too late or the process stops. */
  giveBack(at: Attempt): Promise<{ last: boolean }>;
  /** Makes the whole account wait, in every worker. A longer wait is never made shorter. */
  slow(ms: number, met: LimitMet): Promise<void>;
}
