import type { Services } from '../services.js';

export interface WatchServices
  extends Pick<
    Services,
    | 'watches'
    | 'store'
    | 'storage'
    | 'uploads'
    | 'calls'
    | 'ledger'
    | 'queues'
    | 'snapshots'
    | 'metrics'
    | 'tracing'
    | 'logger'
    | 'stopping'
  > {
  /** The upstream that the runs' jobs are sent to. */
  readonly upstream: Pick<Services['upstream'], 'host'>;
}
