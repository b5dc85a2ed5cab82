import type { Submission, SubmittedJob } from '@linkhaul/schemas';
import { describe, expect, it } from 'vitest';
import { sampleJob } from '../../../packages/client/test/service/samples.js';
import { resumeWords } from '../src/pages/job/actions/action-words.js';
import { allowedActions, mayRetry, readDollars, suggestedBudget } from '../src/pages/job/actions/allowed-actions.js';
import { historyWords } from '../src/pages/job/history/history-words.js';
import { stateWords } from '../src/pages/job/overview/state-words.js';
import { settingsOf } from '../src/pages/job/settings/settings-of.js';

const END = '2026-11-30T12:10:00.000Z';

/** A value for each field of a submission that its job has, other than the sample's. */
const SUBMITTED: Readonly<Record<Exclude<keyof Submission, 'expect_rows'>, Partial<SubmittedJob>>> = {
  endpoint: { endpoint: 'bulk_ranks' },
  params: { params: { internal_list_limit: 5 } },
  tag: { tag: 'monthly' },
  metadata: { metadata: { customer: 'a' } },
  max_items_per_target: { max_items_per_target: 7 },
  max_age: { max_age: '7d' },
  max_cost_usd: { max_cost_usd: 3 },
  on_budget: { max_cost_usd: 3, on_budget: 'finish' },
  deadline: { deadline: END },
  on_invalid: { on_invalid: 'reject' },
  on_overlap: { on_overlap: 'reject' },
  retention_days: { retention_days: 1 },
  start: { start: 'manual' },
  target_as: { target_as: 'host' },
  keep_www: { keep_www: true },
  webhook: { webhook: { url: 'https://example.com/hook' } },
  pingback_url: { pingback_url: 'https://example.com/?id=$id' },
  postback_url: { postback_url: 'https://example.com/post' },
};

describe('the actions that a job allows', () => {
  it.each([
    [{ status: 'queued' }, ['pause', 'budget', 'cancel'], false],
    [{ status: 'running', skipped: 3 }, ['pause', 'budget', 'cancel'], false],
    [{ status: 'paused' }, ['resume', 'cancel'], false],
    [{ status: 'completed', finished_at: END }, ['remove'], false],
    [{ status: 'failed', finished_at: END, skipped: 3 }, ['remove'], true],
    [{ status: 'cancelled', finished_at: END, skipped: 3 }, ['remove'], true],
    [{ status: 'cancelled', finished_at: null, skipped: 3 }, [], false],
  ] as const)('%j', ({ skipped = 0, ...changes }: Changes, actions, retry) => {
    const example = sampleJob(changes);
    const job = { ...example, rows: { ...example.rows, skipped } };
    expect([allowedActions(job), mayRetry(job)]).toEqual([actions, retry]);
  });
});

interface Changes extends Partial<ReturnType<typeof sampleJob>> {
  readonly skipped?: number;
}

describe('a budget', () => {
  it.each([
    ['', null],
    [' 12.50 ', 12.5],
    ['$3', 3],
    ['0', undefined],
    ['-1', undefined],
    ['a lot', undefined],
    ['Infinity', undefined],
  ])('%j is read as %j', (text, dollars) => {
    expect(readDollars(text)).toBe(dollars);
  });

  it('is suggested where the estimate says what the job needs', () => {
    const job = sampleJob({ max_cost_usd: 1 });
    const costing = (estimated_usd: number) => ({ ...job, cost: { ...job.cost, estimated_usd, spent_usd: 0.9 } });
    expect(suggestedBudget(costing(10))).toBe(11);
    expect(suggestedBudget(costing(0.5))).toBe(null);
  });
});

describe('words about a job', () => {
  it('say what is spent of a budget that is over', () => {
    const job = sampleJob({ status: 'paused', reason: 'budget', max_cost_usd: 2 });
    expect(resumeWords({ ...job, cost: { ...job.cost, spent_usd: 1.5 } })).toContain('$2.00, $1.50 is spent');
  });

  it('give the reason and the advice of a pause', () => {
    expect(stateWords(sampleJob({ status: 'paused', reason: 'deadline', deadline: END }))).toMatchObject({
      tone: 'waits',
      says: 'Its deadline has passed.',
    });
  });

  it('show a reason that this page does not know as it is', () => {
    expect(stateWords(sampleJob({ status: 'paused', reason: 'moon_phase' }))?.says).toBe('moon_phase.');
  });

  it("give what binds a job, and the service's sentence", () => {
    const job = sampleJob({ status: 'running', bound_by: 'upstream_rate', bound_detail: '2,000 a minute.' });
    expect(stateWords(job)?.more).toBe('2,000 a minute.');
  });

  it('count what is left of a job in part', () => {
    const job = sampleJob({ status: 'completed', outcome: 'partial', finished_at: END });
    expect(stateWords({ ...job, rows: { ...job.rows, failed: 1, skipped: 2 } })?.says).toBe(
      '1 row failed and 2 rows were skipped.',
    );
  });

  it.each([
    [{ action: 'pause', from: 'running', to: 'paused', reason: 'user' }, 'Paused by hand.'],
    [{ action: 'pause', from: 'running', to: 'paused', reason: 'budget' }, 'Paused: its budget is spent.'],
    [{ action: 'set_budget', from: '1', to: '2.5', reason: null }, 'The budget was changed from $1.00 to $2.50.'],
    [{ action: 'set_budget', from: '', to: '2.5', reason: null }, 'A budget of $2.50 was set.'],
    [{ action: 'some_thing', from: '', to: '', reason: 'why' }, 'some thing: why'],
  ])('tell of %j', (entry, words) => {
    expect(historyWords({ at: END, by: 'local', ...entry })).toBe(words);
  });

  it.each(Object.entries(SUBMITTED))('show the submitted field %s', (_, changes) => {
    expect(settingsOf(sampleJob({ endpoint: 'anchors', ...changes }))).not.toEqual(
      settingsOf(sampleJob({ endpoint: 'anchors' })),
    );
  });

  it('tell every parameter and every pair of metadata as it was sent', () => {
    const filters = ['rank', '>', 1];
    const told = settingsOf(sampleJob({ params: { filters }, metadata: { customer: '<b>' } })).flatMap(
      (group) => group.settings,
    );
    expect(told).toContainEqual({ name: 'filters', value: JSON.stringify(filters), isCode: true });
    expect(told).toContainEqual({ name: 'Metadata: customer', value: '<b>' });
  });
});
