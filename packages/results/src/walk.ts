import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JobRecord } from '@linkhaul/jobs';
import { type Answer, type PlannedTarget, type PlanShape, type RowText, type RunEnd, runOf } from '@linkhaul/storage';
import type { End, Reading } from './batch.js';
import { type CallRanges, createCallRanges, type Range } from './call-ranges.js';
import { type Cursor, CursorRefused, FIRST_CALL } from './cursor.js';
import { type LedgerView, ledgerView } from './ledger-view.js';
import { planReader, type RowTextReader, rowTextReader } from './plan.js';

/** A cursor is part of a URL, whose length servers and proxies limit. */
const MOST_GAPS = 500;
/** The most calls that are looked at in one turn of the event loop. */
const CALLS_PER_TURN = 50_000;

/** The outcome of a planned call. `unmade`: the job finished without it. */
type CallEnd =
  | { readonly kind: 'unmade' }
  /** `isCutShort`: an earlier page of its list is damaged, and this is the last page. */
  | { readonly kind: 'answered'; readonly answer: Answer; readonly isCutShort: boolean }
  /** `decides`: no other call decides its rows. */
  | { readonly kind: 'damaged'; readonly attempts: number; readonly decides: boolean };

/** A planned call and the cursor before it. */
export interface WalkedCall {
  readonly call: number;
  /** Its targets. Of a damaged call, those that no later run had taken up. */
  targets(): Promise<readonly PlannedTarget[]>;
  /** Its rows as texts of the plan. Null for a half of a split call. */
  rowTexts(): Promise<readonly RowText[] | null>;
  readonly came: CallEnd;
  /** How its run ended, if a later run has begun. */
  readonly end: RunEnd | null;
  /** Its failed and skipped rows are shown by calls of a later run. */
  readonly retried: boolean;
  /** All its rows are shown by calls of a later run. */
  readonly replaced: boolean;
  readonly before: Cursor;
}

interface WalkOptions {
  readonly from: Cursor;
  readonly plan: PlanShape;
  readonly reading: Reading;
}

interface Walk extends WalkOptions {
  readonly ledger: LedgerView;
  readonly rowTextsOf: RowTextReader;
  readonly gaps: CallRanges;
  /** The first call that was not visited. */
  next: number;
}

/**
 * The settled calls of a job from a cursor on, by number. For a finished job it also gives the calls that were never made.
 * Open calls are passed over and noted in the cursor's gaps; the next walk visits them first.
 */
export async function* walkSettled(job: JobRecord, options: WalkOptions): AsyncGenerator<WalkedCall, End> {
  const { from, plan, reading } = options;
  const targetsOf = planReader(job, plan, reading);
  const walk: Walk = {
    ...options,
    ledger: await ledgerView(job, { plan, targetsOf }, reading),
    rowTextsOf: rowTextReader(job, plan, reading),
    gaps: createCallRanges(from.gaps),
    next: Math.max(from.next, 1),
  };
  const { ledger } = walk;
  const begun = from.at !== null && (ledger.isOver(from.at) || ledger.isSettled(from.at)) ? from.at : null;
  if (begun !== from.at || Math.max(walk.next - 1, begun ?? 0) > ledger.highest) throw new CursorRefused('unknown');
  if (begun !== null) yield await visit(walk, begun);
  yield* giveGaps(walk);
  yield* goOn(walk);
  return { next: job.finishedAt === null ? placeOf(walk, null) : null };
}

function placeOf({ next, gaps }: Walk, at: number | null): Cursor {
  return { phase: 'calls', next, gaps: [...gaps.ranges], at, part: 0, skip: 0 };
}

async function visit(walk: Walk, call: number): Promise<WalkedCall> {
  const { from, plan, ledger, gaps } = walk;
  const { part, skip } = call === from.at ? from : FIRST_CALL;
  const before = { ...placeOf(walk, call), part, skip };
  const { came, followers } = await look(call, ledger);
  // The calls that this answer creates exist from now on.
  for (const follower of followers) if (follower < walk.next) gaps.add(follower);
  const { end } = runOf(call, plan);
  const [retried, replaced] = [ledger.isRetried(call), ledger.isReplaced(call)];
  const [targets, rowTexts] = [() => ledger.targetsOf(call), () => walk.rowTextsOf(call)];
  return { call, targets, rowTexts, came, end, retried, replaced, before };
}

async function look(call: number, ledger: LedgerView): Promise<{ came: CallEnd; followers: readonly number[] }> {
  if (!ledger.isSettled(call)) return { came: { kind: 'unmade' }, followers: [] };
  const answer = await ledger.answer(call);
  const followers = ledger.followers(call, answer);
  const isLast = followers.length === 0;
  if (answer === null) {
    return { came: { kind: 'damaged', attempts: ledger.attempt(call), decides: isLast }, followers };
  }
  return { came: { kind: 'answered', answer, isCutShort: isLast && ledger.isBehindDamage(call) }, followers };
}

/** Calls in the gaps that are settled by now, including those that settle meanwhile. */
async function* giveGaps(walk: Walk): AsyncGenerator<WalkedCall> {
  const { gaps, ledger } = walk;
  const isClosed = (call: number) => ledger.isOver(call) || ledger.isSettled(call);
  for (let given = true; given; ) {
    given = false;
    for (const [first, last] of [...gaps.ranges]) {
      for (
        let call = await find([first, last], isClosed);
        call !== null;
        call = await find([call + 1, last], isClosed)
      ) {
        given = true;
        gaps.delete(call);
        yield await visit(walk, call);
      }
    }
  }
}

async function find([first, last]: Range, wanted: (call: number) => boolean): Promise<number | null> {
  for (let call = first; call <= last; call++) {
    if (wanted(call)) return call;
    if ((call - first) % CALLS_PER_TURN === CALLS_PER_TURN - 1) await nextTurn();
  }
  return null;
}

/** The calls that no earlier walk has visited. */
async function* goOn(walk: Walk): AsyncGenerator<WalkedCall> {
  const { gaps, ledger } = walk;
  for (let seen = 1; walk.next <= ledger.highest; seen++) {
    if (seen % CALLS_PER_TURN === 0) await nextTurn();
    const call = walk.next;
    const isSettled = ledger.isSettled(call);
    const open = !isSettled && ledger.isOpen(call);
    // Most numbers belong to no call, so a promise is awaited only if there is one.
    const isOpen = typeof open === 'boolean' ? open : await open;
    const isGap = isOpen && !ledger.isOver(call);
    if (isGap && gaps.ranges.length >= MOST_GAPS) return;
    walk.next++;
    if (isGap) gaps.add(call);
    else if (isSettled || isOpen) yield await visit(walk, call);
  }
}
