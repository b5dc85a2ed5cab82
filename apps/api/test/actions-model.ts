import type { JobStatus } from '@linkhaul/schemas';

type RowState = 'open' | 'sent' | 'ok' | 'failed' | 'skipped';

const RETRYABLE = {
  upstream_error: true,
  upstream_rejected: false,
  unconfirmed: true,
  cancelled: true,
  job_failed: false,
};

export type Code = keyof typeof RETRYABLE;
export const CODES = Object.keys(RETRYABLE) as readonly Code[];

/** What a retry asks for. */
export interface Choice {
  readonly status: readonly ('failed' | 'skipped')[];
  readonly codes?: readonly Code[] | undefined;
  readonly retryable_only: boolean;
}

/** What a settled call says: an answer, a failure that may pass, or a parameter that is refused. */
export type Answered = 'ok' | 'failed' | 'refused';

const MOST_REFUSALS = 3;
const FINAL: readonly JobStatus[] = ['completed', 'failed', 'cancelled'];

/** A job with one target in each call, as the action table has it, computed without the service. */
export class JobModel {
  status: JobStatus = 'queued';
  run = 1;
  finished = false;
  gone = false;
  private planned = false;
  /** Its user has let a manual start go. */
  private released = false;
  /** A further run that has no plan yet. */
  private retrying = false;
  /** Rows that it takes up. */
  private chosen: readonly number[] = [];
  private stored = 0;
  /** Refused parameters in a row, in a run with this number of calls. */
  private refusals = 0;
  private roots = 0;
  readonly rows: RowState[];
  /** Why rows failed or were skipped. */
  private readonly codes: (Code | null)[];

  private readonly manual: boolean;

  constructor(targets: number, manual: boolean) {
    this.manual = manual;
    this.rows = Array.from({ length: targets }, (): RowState => 'open');
    this.codes = this.rows.map(() => null);
  }

  private get ended(): boolean {
    return this.status === 'cancelled' || this.status === 'failed';
  }

  count(...states: RowState[]): number {
    return this.rows.filter((state) => states.includes(state)).length;
  }

  private turn(from: readonly RowState[], to: RowState, code: Code | null = null): void {
    this.rows.forEach((state, at) => {
      if (!from.includes(state)) return;
      this.rows[at] = to;
      this.codes[at] = code;
    });
  }

  private rowsOf({ status, codes, retryable_only: retryableOnly }: Choice): number[] {
    return [...this.rows.keys()].filter((at) => {
      const [state, code] = [this.rows[at], this.codes[at]];
      if (code == null || !status.some((wanted) => wanted === state)) return false;
      return (codes === undefined || codes.includes(code)) && (RETRYABLE[code] || !retryableOnly);
    });
  }

  pause(): number {
    if (this.gone) return 404;
    if (FINAL.includes(this.status)) return 409;
    this.status = 'paused';
    return 200;
  }

  resume(): number {
    if (this.gone) return 404;
    if (FINAL.includes(this.status)) return 409;
    if (this.status === 'paused') this.status = this.planned ? 'running' : 'queued';
    this.released = true;
    return 200;
  }

  cancel(): number {
    if (this.gone) return 404;
    if (this.status === 'completed' || this.status === 'failed') return 409;
    if (this.status === 'cancelled') return 200;
    this.status = 'cancelled';
    this.turn(['open'], 'skipped', 'cancelled');
    return 200;
  }

  retry(choice: Choice): number {
    if (this.gone) return 404;
    const chosen = this.rowsOf(choice);
    if (!this.finished || chosen.length === 0) return 409;
    this.chosen = chosen;
    this.released = true;
    this.status = 'running';
    this.run++;
    this.finished = false;
    this.refusals = 0;
    if (this.planned) this.retrying = true;
    else this.turn(['skipped'], 'open');
    return 200;
  }

  remove(): number {
    if (this.gone) return 404;
    if (!this.finished) return 409;
    this.gone = true;
    return 204;
  }

  plan(): void {
    if (this.gone || this.finished || this.ended) return;
    if (this.status === 'queued') this.status = this.manual && !this.released ? 'paused' : 'running';
    this.planned = true;
    if (this.retrying) {
      for (const at of this.chosen) {
        this.rows[at] = 'open';
        this.codes[at] = null;
      }
    }
    if (this.retrying || this.roots === 0) this.roots = this.count('open');
    this.retrying = false;
  }

  /** Sends what may be sent; true where an answer is awaited. */
  send(): boolean {
    if (this.status === 'running' && this.planned) this.turn(['open'], 'sent');
    return this.count('sent') > 0;
  }

  /** The answer to the call of one row. Refusals stop the job: three in a row, or all calls where nothing was ever stored. */
  settle(row: number, answered: Answered): void {
    this.rows[row] = answered === 'ok' ? 'ok' : 'failed';
    this.codes[row] = answered === 'ok' ? null : answered === 'failed' ? 'upstream_error' : 'upstream_rejected';
    if (answered === 'ok') {
      this.stored++;
      this.refusals = 0;
    }
    if (answered !== 'refused') return;
    this.refusals++;
    const most = this.stored === 0 ? Math.min(MOST_REFUSALS, this.roots) : MOST_REFUSALS;
    if (this.refusals < most || this.ended) return;
    this.status = 'failed';
    this.turn(['open'], 'skipped', 'job_failed');
  }

  finish(): void {
    const decided = this.ended || (this.planned && !this.retrying);
    if (this.gone || this.finished || !decided || this.count('open', 'sent') > 0) return;
    this.finished = true;
    this.retrying = false;
    if (!this.ended) this.status = 'completed';
  }
}
