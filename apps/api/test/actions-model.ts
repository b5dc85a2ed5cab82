import type { JobStatus } from '@linkhaul/schemas';

type RowState = 'open' | 'sent' | 'ok' | 'failed' | 'skipped';

/** What a settled call says: an answer, a failure that may pass, or a parameter that is refused. */
export type Answered = 'ok' | 'failed' | 'refused';

const MOST_REFUSALS = 3;
const FINAL: readonly JobStatus[] = ['completed', 'failed', 'cancelled'];

/** A job of a target a call as the action table has it, computed without the service. */
export class JobModel {
  status: JobStatus = 'queued';
  run = 1;
  finished = false;
  gone = false;
  private planned = false;
  /** A further run that has no plan yet. */
  private retrying = false;
  private stored = 0;
  /** Refused parameters in a row, of a run with so many calls. */
  private refusals = 0;
  private roots = 0;
  readonly rows: RowState[];

  constructor(targets: number) {
    this.rows = Array.from({ length: targets }, (): RowState => 'open');
  }

  private get ended(): boolean {
    return this.status === 'cancelled' || this.status === 'failed';
  }

  count(...states: RowState[]): number {
    return this.rows.filter((state) => states.includes(state)).length;
  }

  private turn(from: readonly RowState[], to: RowState): void {
    this.rows.forEach((state, at) => {
      if (from.includes(state)) this.rows[at] = to;
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
    return 200;
  }

  cancel(): number {
    if (this.gone) return 404;
    if (this.status === 'completed' || this.status === 'failed') return 409;
    if (this.status === 'cancelled') return 200;
    this.status = 'cancelled';
    this.turn(['open'], 'skipped');
    return 200;
  }

  retry(): number {
    if (this.gone) return 404;
    if (!this.finished || this.count('failed', 'skipped') === 0) return 409;
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
    if (this.status === 'queued') this.status = 'running';
    this.planned = true;
    if (this.retrying) this.turn(['failed', 'skipped'], 'open');
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
    if (answered === 'ok') {
      this.stored++;
      this.refusals = 0;
    }
    if (answered !== 'refused') return;
    this.refusals++;
    const most = this.stored === 0 ? Math.min(MOST_REFUSALS, this.roots) : MOST_REFUSALS;
    if (this.refusals < most || this.ended) return;
    this.status = 'failed';
    this.turn(['open'], 'skipped');
  }

  finish(): void {
    const decided = this.ended || (this.planned && !this.retrying);
    if (this.gone || this.finished || !decided || this.count('open', 'sent') > 0) return;
    this.finished = true;
    this.retrying = false;
    if (!this.ended) this.status = 'completed';
  }
}
