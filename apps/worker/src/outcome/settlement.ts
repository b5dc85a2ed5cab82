import type { CostId, Reused, Settlement } from '@linkhaul/jobs';
import {
  type AnswerHeader,
  type AnswerOutcome,
  type CopiedTargets,
  failureOf,
  isCopied,
  type PlannedTarget,
} from '@linkhaul/storage';
import { countBulk } from './bulk-outcome.js';
import { type CallCounts, rowsOf } from './planned-call.js';

/** In characters. The job shows the refusal as the reason of its failure. */
const LONGEST_REFUSAL = 500;

interface StoredCall {
  readonly header: AnswerHeader;
  readonly targets: readonly PlannedTarget[];
}

/** What is settled in the ledger for a stored answer. It depends on the header alone, so settling again changes nothing. */
export function settlementOf({ header, targets }: StoredCall): Omit<Settlement, 'followers'> {
  const { outcome, givenUp, sentAt, answeredAt, copied } = header;
  const failure = failureOf(outcome);
  return {
    verdict: failure !== null ? 'failed' : outcome.kind === 'split' ? 'split' : 'stored',
    ...countsOf(outcome, { call: header.call, targets }),
    ...(outcome.kind === 'list' && outcome.surplus && { surplus: outcome.surplus }),
    failedCode: failure?.code ?? 'missing_in_answer',
    cost: header.cost,
    sentAt: header.sentAt,
    id: costIdOf(header),
    simulated: header.simulated,
    unpriced: header.unpriced ?? false,
    keepUnconfirmed: givenUp === 'unconfirmed',
    wasted: givenUp === 'wasted',
    ...(copied !== undefined && outcome.kind !== 'failed' && { reused: reusedOf(outcome, copied, targets) }),
    // The clocks of two processes may differ slightly. A call whose targets are all copied was never sent.
    ...(givenUp === undefined &&
      !isWhollyCopied(copied) && { latencyMs: Math.max(0, Math.round(answeredAt - sentAt)) }),
    ...(failure?.parameter && { refusal: `${failure.code}: ${failure.message}`.slice(0, LONGEST_REFUSAL) }),
  };
}

function isWhollyCopied(copied: CopiedTargets | undefined): boolean {
  return copied?.fetchedAt.every((at) => at !== null) ?? false;
}

function reusedOf(outcome: AnswerOutcome, copied: CopiedTargets, targets: readonly PlannedTarget[]): Reused {
  const rows = targets.map((target, at) => (isCopied(copied, at) ? target.rows.length : 0));
  const itemAt = (at: number) => outcome.kind === 'bulk' && isCopied(copied, at) && (outcome.items[at] ?? -1) >= 0;
  return {
    rows: rows.reduce((sum, of) => sum + of, 0),
    items: outcome.kind === 'list' ? outcome.items : targets.filter((_, at) => itemAt(at)).length,
    whole: isWhollyCopied(copied) && failureOf(outcome) === null,
  };
}

export function costIdOf({ taskId, nonce = null }: Pick<AnswerHeader, 'taskId' | 'nonce'>): CostId {
  return { taskId, nonce };
}

function countsOf(outcome: AnswerOutcome, call: { call: number; targets: readonly PlannedTarget[] }): CallCounts {
  const none = { ok: 0, empty: 0, failed: 0, items: 0 };
  switch (outcome.kind) {
    case 'split':
    case 'deferred':
      return none;
    case 'failed':
      return { ...none, failed: rowsOf(call) };
    case 'bulk':
      return countBulk(call, outcome.items);
    case 'list':
      return { ...none, items: outcome.items, ...(outcome.status !== null && { [outcome.status]: rowsOf(call) }) };
  }
}
