import type { Message } from '../src/index.js';
import { RESERVE } from './space.js';

/** What the upstream would answer to one attempt; it is fixed when the attempt is sent. */
export interface Truth {
  readonly kind: 'answer' | 'error';
  readonly cost: number;
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
}

export const ROWS = 3;

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
type Status = 'running' | 'paused' | 'cancelled' | 'completed';

const TRANSITIONS: Record<Action, Partial<Record<Status, Status>>> = {
  pause: { running: 'paused', paused: 'paused' },
  resume: { paused: 'running', running: 'running' },
  cancel: { running: 'cancelled', paused: 'cancelled', cancelled: 'cancelled' },
};

/** What the ledger should hold, computed without it. */
export class Model {
  readonly roots: number;
  readonly counts: Counts = { ...NOTHING };
  readonly calls = new Map<number, ModelCall>();
  readonly settled = new Map<number, { attempt: number; verdict: 'stored' | 'failed' }>();
  /** Costs that were counted without deciding a call, by attempt. */
  readonly counted = new Map<string, number>();
  status: Status = 'running';
  finished = false;
  next = 1;

  constructor(roots: number) {
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
      this.calls.set(call, { state: 'planned', place: 'ready', attempt: 0, dispatch: 0, worker: '' });
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
    const already = this.counted.get(nameOf(message)) ?? 0;
    this.counted.delete(nameOf(message));
    this.add({ wasted: -already, spent: truth.cost - already });
    this.calls.delete(call);
    this.settled.set(call, { attempt, verdict: 'stored' });
    this.add({ done: 1, open: -1, items: 5 });
    if (!truth.more) this.add({ ok: ROWS, pending: -ROWS });
    else if (this.status === 'cancelled') this.add({ skipped: ROWS, pending: -ROWS });
    else {
      this.add({ open: 1, planned: 1 });
      this.calls.set(call + this.roots, { state: 'planned', place: 'ready', attempt: 0, dispatch: 0, worker: '' });
    }
    return 'settled';
  }

  park({ message }: Sent): boolean {
    const known = this.current(message);
    if (known?.state !== 'unknown') return false;
    this.calls.delete(message.call);
    this.settled.set(message.call, { attempt: message.attempt, verdict: 'failed' });
    this.add({ unknown: -1, failed: ROWS, pending: -ROWS, failed_calls: 1, open: -1 });
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
    if (fate !== 'blind') this.add({ unconfirmed: -RESERVE });
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
    if (this.status !== 'cancelled') this.status = 'completed';
    return this.status;
  }

  private skipUnsent(): void {
    for (const [call, known] of this.calls) if (known.state === 'planned') this.calls.delete(call);
    const skipped = this.counts.pending - this.calls.size * ROWS;
    this.add({ pending: -skipped, skipped });
    this.counts.open = this.calls.size;
  }

  private planAgain(call: number, place: 'ready' | 'later'): void {
    const known = this.calls.get(call);
    if (known !== undefined) Object.assign(known, { state: 'planned', place });
    if (this.status !== 'cancelled') return;
    this.calls.delete(call);
    this.add({ open: -1, pending: -ROWS, skipped: ROWS });
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
    this.add({ spent: cost, wasted: cost });
    return true;
  }

  private add(changes: Partial<Counts>): void {
    for (const field of FIELDS) this.counts[field] += changes[field] ?? 0;
  }
}

function nameOf({ call, attempt }: Message<'call'>): string {
  return `${call}.${attempt}`;
}
