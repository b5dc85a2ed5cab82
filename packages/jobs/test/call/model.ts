import type { Message } from '../../src/index.js';
import { RESERVE } from '../planning/space.js';

/** What the upstream would answer to one attempt; it is fixed when the attempt is sent. */
export interface Truth {
  readonly kind: 'answer' | 'error' | 'refusal';
  readonly cost: number;
  /** The answer brings other calls about: a further page, or halves. */
  readonly more: boolean;
}

/** An attempt that was sent. */
export interface Sent {
  readonly message: Message<'call'>;
  readonly worker: string;
  readonly truth: Truth;
}

interface ModelCall {
  state: 'planned' | 'sending' | 'unknown';
  place: 'ready' | 'later' | 'window' | 'none';
  attempt: number;
  dispatch: number;
  worker: string;
  readonly rows: number;
}

export const ROWS = 3;
const REFUSALS = 3;

const FIELDS = [
  'pending',
  'ok',
  'empty',
  'failed',
  'skipped',
  'items',
  'planned',
  'done',
  'failed_calls',
  'unknown',
  'in_flight',
  'attempts',
  'open',
  'reserved',
  'unconfirmed',
  'spent',
  'wasted',
] as const;

type Counts = Record<(typeof FIELDS)[number], number>;

const NOTHING: Counts = {
  pending: 0,
  ok: 0,
  empty: 0,
  failed: 0,
  skipped: 0,
  items: 0,
  planned: 0,
  done: 0,
  failed_calls: 0,
  unknown: 0,
  in_flight: 0,
  attempts: 0,
  open: 0,
  reserved: 0,
  unconfirmed: 0,
  spent: 0,
  wasted: 0,
};

type Action = 'pause' | 'resume' | 'cancel';
type Status = 'running' | 'paused' | 'cancelled' | 'completed' | 'failed';

const TRANSITIONS: Record<Action, Partial<Record<Status, Status>>> = {
  pause: { running: 'paused', paused: 'paused' },
  resume: { paused: 'running', running: 'running' },
  cancel: { running: 'cancelled', paused: 'cancelled', cancelled: 'cancelled' },
};

/** What the ledger should hold, computed without it. */
export class Model {
  readonly kind: 'bulk' | 'list';
  readonly roots: number;
  /** Calls in a row whose parameters were refused. */
  refusals = 0;
  readonly counts: Counts = { ...NOTHING };
  readonly calls = new Map<number, ModelCall>();
  readonly settled = new Map<number, { attempt: number; verdict: 'stored' | 'failed' }>();
  /** Costs that were counted without deciding a call, by attempt. */
  readonly counted = new Map<string, number>();
  /** Attempts that were decided on blindly, and whose answer has not come. */
  readonly blind = new Set<string>();
  status: Status = 'running';
  finished = false;
  next = 1;

  constructor(kind: 'bulk' | 'list', roots: number) {
    this.kind = kind;
    this.roots = roots;
    this.add({ pending: roots * ROWS, planned: roots, open: roots });
  }

  get closable(): boolean {
    return this.counts.open === 0 && !this.finished;
  }

  dispatched({ call, attempt, dispatch }: Message<'call'>): string | null {
    if (this.status !== 'running') return 'its job does not run';
    if (!this.calls.has(call) && call === this.next) {
      this.next++;
      this.calls.set(call, plannedCall(ROWS));
    }
    const known = this.calls.get(call);
    if (known?.state !== 'planned' || known.place !== 'ready') return `call ${call} was not ready`;
    if (attempt !== known.attempt + 1 || dispatch !== known.dispatch + 1) return `call ${call} has wrong numbers`;
    known.place = 'window';
    known.dispatch = dispatch;
    return null;
  }

  /** The waiting of every deferred call is over. */
  due(): void {
    for (const call of this.calls.values()) if (call.place === 'later') call.place = 'ready';
  }

  /** 'again' for a grant that was given before; else why it is refused, or null. */
  grant({ call, attempt, dispatch }: Message<'call'>, worker: string): string | null {
    const known = this.calls.get(call);
    if (known === undefined) return 'settled';
    if (known.dispatch !== dispatch) return 'moved';
    if (known.state === 'sending' && known.attempt === attempt && known.worker === worker) return 'again';
    if (known.state !== 'planned' || known.attempt + 1 !== attempt) return known.state;
    if (known.place !== 'window') return 'moved';
    if (this.status !== 'running') return this.status;
    Object.assign(known, { state: 'sending', attempt, worker });
    this.add({ in_flight: 1, attempts: 1, reserved: RESERVE });
    return null;
  }

  shelve({ call, attempt, dispatch }: Message<'call'>): void {
    const known = this.calls.get(call);
    if (known?.state !== 'planned' || known.place !== 'window') return;
    if (known.attempt + 1 === attempt && known.dispatch === dispatch) known.place = 'ready';
  }

  giveBack({ message, worker }: Sent): boolean {
    const known = this.current(message);
    if (known?.state !== 'sending' || known.worker !== worker) return false;
    this.add({ in_flight: -1, reserved: -RESERVE, attempts: -1 });
    known.attempt--;
    this.planAgain(message.call, 'ready');
    return true;
  }

  settle({ message, truth }: Sent): string {
    const { call, attempt } = message;
    const known = this.current(message);
    if (known === undefined) {
      if (this.settled.get(call)?.attempt === attempt) return 'repeated';
      return this.waste(message, truth.cost) ? 'late' : 'repeated';
    }
    this.leave(known);
    if (known.state === 'planned') this.endBlindness(message);
    const already = this.counted.get(nameOf(message)) ?? 0;
    this.counted.delete(nameOf(message));
    this.add({ wasted: -already, spent: truth.cost - already, open: -1 });
    const followers = this.followers(message, truth);
    this.calls.delete(call);
    this.settled.set(call, { attempt, verdict: truth.kind === 'refusal' ? 'failed' : 'stored' });
    if (truth.kind === 'refusal') this.refuse(known.rows);
    else this.store(known.rows, followers);
    return 'settled';
  }

  /** The calls that an answer brings about, by the arithmetic that is written down. */
  followers({ call }: Message<'call'>, { kind, more }: Truth): Map<number, number> {
    const rows = this.calls.get(call)?.rows ?? 0;
    if (kind !== 'answer' || !more) return new Map();
    if (this.kind === 'list') return new Map([[call + this.roots, rows]]);
    if (rows < 2) return new Map();
    const node = Math.floor((call - 1) / this.roots);
    const first = call + (node + 1) * this.roots;
    return new Map([
      [first, Math.ceil(rows / 2)],
      [first + this.roots, Math.floor(rows / 2)],
    ]);
  }

  park({ message }: Sent): boolean {
    const known = this.current(message);
    if (known?.state !== 'unknown') return false;
    this.calls.delete(message.call);
    this.settled.set(message.call, { attempt: message.attempt, verdict: 'failed' });
    this.blind.add(nameOf(message));
    this.add({ unknown: -1, failed: known.rows, pending: -known.rows, failed_calls: 1, open: -1 });
    return true;
  }

  defer({ message, truth }: Sent): void {
    const known = this.current(message);
    if (known === undefined || known.state === 'planned') {
      if (truth.cost > 0) this.waste(message, truth.cost);
      return;
    }
    this.leave(known);
    this.add({ spent: truth.cost });
    if (truth.cost > 0) this.counted.set(nameOf(message), 0);
    this.planAgain(message.call, 'later');
  }

  markUnknown({ message }: Sent): void {
    const known = this.current(message);
    if (known?.state !== 'sending') return;
    this.add({ in_flight: -1, reserved: -RESERVE, unknown: 1, unconfirmed: RESERVE });
    Object.assign(known, { state: 'unknown', place: 'none' });
  }

  resolve({ message, truth }: Sent, fate: 'lost' | 'not_executed' | 'blind'): void {
    const known = this.current(message);
    if (known?.state !== 'unknown') return;
    this.add({ unknown: -1 });
    if (fate === 'blind') this.blind.add(nameOf(message));
    else this.add({ unconfirmed: -RESERVE });
    if (fate === 'lost') this.waste(message, truth.cost);
    this.planAgain(message.call, 'ready');
  }

  act(action: Action): string {
    const target = TRANSITIONS[action][this.status];
    if (target === undefined) return 'refused';
    if (target === this.status) return 'same';
    if (target === 'cancelled') this.skipUnsent();
    this.status = target;
    return 'done';
  }

  finish(): string {
    if (this.finished) return this.status;
    if (this.counts.open > 0) return 'open';
    this.finished = true;
    if (!this.ended) this.status = 'completed';
    return this.status;
  }

  private get ended(): boolean {
    return this.status === 'cancelled' || this.status === 'failed';
  }

  private refuse(rows: number): void {
    this.add({ failed_calls: 1, failed: rows, pending: -rows });
    const most = this.counts.done === 0 ? Math.min(REFUSALS, this.roots) : REFUSALS;
    if (++this.refusals < most || this.ended) return;
    this.skipUnsent();
    this.status = 'failed';
  }

  private store(rows: number, followers: ReadonlyMap<number, number>): void {
    this.add({ done: 1, items: 5 });
    if (followers.size === 0) this.add({ ok: rows, pending: -rows });
    if (followers.size < 2) this.refusals = 0;
    for (const [follower, itsRows] of followers) {
      if (this.ended) this.add({ skipped: itsRows, pending: -itsRows });
      else {
        this.add({ open: 1, planned: 1 });
        this.calls.set(follower, plannedCall(itsRows));
      }
    }
  }

  private skipUnsent(): void {
    for (const [call, known] of this.calls) if (known.state === 'planned') this.calls.delete(call);
    const open = [...this.calls.values()].reduce((sum, { rows }) => sum + rows, 0);
    const skipped = this.counts.pending - open;
    this.add({ pending: -skipped, skipped });
    this.counts.open = this.calls.size;
  }

  private planAgain(call: number, place: 'ready' | 'later'): void {
    const known = this.calls.get(call);
    if (known !== undefined) Object.assign(known, { state: 'planned', place });
    if (!this.ended || known === undefined) return;
    this.calls.delete(call);
    this.add({ open: -1, pending: -known.rows, skipped: known.rows });
  }

  /** The reservation, or the doubt, of a call whose answer has come. */
  private leave({ state }: ModelCall): void {
    if (state === 'sending') this.add({ in_flight: -1, reserved: -RESERVE });
    if (state === 'unknown') this.add({ unknown: -1, unconfirmed: -RESERVE });
  }

  private current({ call, attempt }: Message<'call'>): ModelCall | undefined {
    const known = this.calls.get(call);
    return known?.attempt === attempt ? known : undefined;
  }

  private waste(message: Message<'call'>, cost: number): boolean {
    if (this.counted.has(nameOf(message))) return false;
    this.counted.set(nameOf(message), cost);
    this.endBlindness(message);
    this.add({ spent: cost, wasted: cost });
    return true;
  }

  private endBlindness(message: Message<'call'>): void {
    if (this.blind.delete(nameOf(message))) this.add({ unconfirmed: -RESERVE });
  }

  private add(changes: Partial<Counts>): void {
    for (const field of FIELDS) this.counts[field] += changes[field] ?? 0;
  }
}

function nameOf({ call, attempt }: Message<'call'>): string {
  return `${call}.${attempt}`;
}

function plannedCall(rows: number): ModelCall {
  return { state: 'planned', place: 'ready', attempt: 0, dispatch: 0, worker: '', rows };
}
