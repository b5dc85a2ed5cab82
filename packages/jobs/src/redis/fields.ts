/** One field of a hash. `kept`: set if the field is removed before its hash. */
export interface FieldRow {
  readonly type: 'ms' | 'nanos' | 'count' | 'number' | 'text' | 'JSON' | '1' | '0 or 1';
  /** The files that write it. */
  readonly by: string;
  readonly holds: string;
  readonly kept?: string;
}

// biome-ignore format: a table is read by its rows.
/** The fields of `job:{job}`. */
export const JOB_FIELDS = {
  // As it was accepted
  doc: { type: 'JSON', by: 'job/new-job.ts', holds: 'what its other fields do not say of its description, never changed' },
  format: { type: 'number', by: 'job/new-job.ts job/take_up.lua', holds: 'the newest format (`FORMAT`) of a version that works on it; 1 where missing' },
  upstream_host: { type: 'text', by: 'job/new-job.ts', holds: 'the host that its calls are sent to' },
  endpoint: { type: 'text', by: 'job/new-job.ts', holds: 'its endpoint' },
  tag: { type: 'text', by: 'job/new-job.ts', holds: 'its tag; its id where the user chose none' },
  group: { type: 'text', by: 'job/new-job.ts', holds: 'the group under which its usage is counted' },
  watch: { type: 'text', by: 'job/new-job.ts', holds: 'the watch of which it is a run, if it is one' },
  hooked: { type: '1', by: 'job/new-job.ts', holds: 'a Standard task of it names an address to call when it is ready' },
  retention_days: { type: 'number', by: 'job/new-job.ts', holds: 'days until it is removed, from its end on' },
  on_budget: { type: 'text', by: 'job/new-job.ts', holds: '`pause` or `finish`: what happens when its budget or time is over' },
  idempotency: { type: 'text', by: 'job/accept.lua', holds: 'its whole idempotency key in Redis, where it has one' },
  epoch: { type: 'text', by: 'job/accept.lua job/planned_again.lua', holds: 'the epoch in which it was accepted; `none`: storage is asked before each call', kept: 'until it is finished' },
  simulated: { type: '0 or 1', by: 'call/settle.lua job/accept.lua', holds: '1 where any answer said that its data is simulated' },

  // Its life
  status: { type: 'text', by: 'job/ending.lua job/finish.lua job/new-job.ts job/planned.lua job/planned_again.lua job/retry.lua job/transition.lua', holds: 'queued, planning, running, paused, completed, cancelled or failed' },
  reason: { type: 'text', by: 'job/ending.lua job/finish.lua job/planned.lua job/planned_again.lua job/retry.lua job/transition.lua', holds: 'why it is paused or has ended; empty where nothing is to be said' },
  outcome: { type: 'text', by: 'call/damaged.lua job/finish.lua', holds: '`complete`, `partial` or `none`', kept: 'until it is retried' },
  good: { type: '0 or 1', by: 'call/damaged.lua job/finish.lua', holds: '1 if it completed with results: then its tag may answer with it' },
  max_cost: { type: 'nanos', by: 'job/new-job.ts tenant/budget.lua', holds: 'its budget' },
  deadline: { type: 'ms', by: 'job/new-job.ts', holds: 'when its time is over', kept: 'until a user resumes or retries it after that' },
  cut: { type: 'text', by: 'job/ending.lua job/planned_again.lua', holds: '`budget` or `deadline`: its unsent rows were skipped for that', kept: 'until it is retried' },
  released: { type: '1', by: 'job/retry.lua job/transition.lua', holds: 'a user resumed it before it was planned, although it says `start=manual`' },
  started_at: { type: 'ms', by: 'job/planned.lua job/retry.lua job/transition.lua', holds: 'when it first ran' },
  moved_at: { type: 'ms', by: 'job/accept.lua redis/shared.lua', holds: 'when a step or a call last moved it forward', kept: 'until it is finished' },
  resumed_at: { type: 'ms', by: 'job/transition.lua', holds: 'when a user last resumed it' },
  finished_at: { type: 'ms', by: 'job/finish.lua', holds: 'when it was closed', kept: 'until it is retried' },
  expires_at: { type: 'ms', by: 'job/finish.lua', holds: 'when it is to be removed', kept: 'until it is retried' },
  event: { type: 'text', by: 'events/events.lua', holds: 'the place of its last event in the tenant\'s stream' },

  // Its plan
  planned_run: { type: 'number', by: 'job/planned_again.lua', holds: 'the run to which `base`, `roots` and `calls_per_part` belong; 1 where missing' },
  base: { type: 'number', by: 'job/planned_again.lua', holds: 'the number before the first call of that run' },
  roots: { type: 'count', by: 'job/planned.lua job/planned_again.lua', holds: 'root calls of that run' },
  stored_roots: { type: 'count', by: 'job/planned.lua', holds: 'root calls whose part of the plan is stored', kept: 'while the plan is being written' },
  calls_per_part: { type: 'count', by: 'job/planned.lua job/planned_again.lua', holds: 'calls in one part of the plan' },
  next: { type: 'number', by: 'call/dispatch.lua job/planned.lua job/planned_again.lua job/retry.lua', holds: 'the root call that is dispatched next' },
  bases: { type: 'text', by: 'job/planned_again.lua', holds: '`base` of every run after the first, with commas between them' },
  kept_to: { type: 'number', by: 'job/keep_numbers.lua', holds: 'storage has answers under call numbers up to this one: no later run uses them' },

  // Its runs
  run: { type: 'number', by: 'job/new-job.ts job/retry.lua', holds: 'which run it is in, from 1 on' },
  runs: { type: 'JSON', by: 'job/retry.lua', holds: 'earlier runs: `[{run, base, roots, callsPerPart, end, reason}]`' },
  retry: { type: 'JSON', by: 'job/retry.lua', holds: 'which rows the run takes', kept: 'until that run is planned' },

  // Its rows
  total: { type: 'count', by: 'job/new-job.ts', holds: 'all rows' },
  duplicates: { type: 'count', by: 'job/new-job.ts', holds: 'rows whose target another row has too' },
  pending: { type: 'count', by: 'job/new-job.ts job/planned_again.lua job/retry.lua redis/shared.lua', holds: 'rows without an outcome' },
  ok: { type: 'count', by: 'call/damaged.lua call/settle.lua', holds: 'rows with results' },
  empty: { type: 'count', by: 'call/damaged.lua call/settle.lua', holds: 'rows for which the upstream has nothing' },
  failed: { type: 'count', by: 'call/damaged.lua call/settle.lua job/planned_again.lua redis/shared.lua', holds: 'failed rows' },
  invalid: { type: 'count', by: 'job/new-job.ts', holds: 'rows that are no targets' },
  skipped: { type: 'count', by: 'call/settle.lua job/ending.lua job/planned_again.lua job/retry.lua redis/shared.lua', holds: 'rows that no call was sent for' },
  reused: { type: 'count', by: 'call/settle.lua', holds: 'rows that were answered from stored answers' },
  items: { type: 'count', by: 'call/settle.lua', holds: 'items of its answers' },

  // Its calls
  planned: { type: 'count', by: 'call/settle.lua job/planned.lua job/planned_again.lua', holds: 'all calls, including those that answers created' },
  open: { type: 'count', by: 'call/settle.lua job/ending.lua job/planned.lua job/planned_again.lua redis/shared.lua', holds: 'calls that are not settled' },
  in_flight: { type: 'count', by: 'tenant/money.lua', holds: 'calls that are sending' },
  unknown: { type: 'count', by: 'call/resolve.lua call/settle.lua call/unknown.lua tenant/money.lua', holds: 'calls that are unknown' },
  done: { type: 'count', by: 'call/settle.lua', holds: 'calls that are stored' },
  failed_calls: { type: 'count', by: 'call/settle.lua redis/shared.lua', holds: 'calls that are failed' },
  damaged: { type: 'count', by: 'call/damaged.lua', holds: 'calls whose stored answer is broken' },
  damaged_pages: { type: '1', by: 'call/damaged.lua', holds: 'one of them is a page of a list' },
  attempts: { type: 'count', by: 'call/defer.lua call/settle.lua permit/give_back.lua tenant/money.lua', holds: 'attempts of all its calls' },
  refusals: { type: 'count', by: 'call/settle.lua', holds: 'calls in a row whose parameters were refused', kept: 'until one is accepted' },

  // Its money
  estimated: { type: 'nanos', by: 'job/new-job.ts', holds: 'what it was estimated to cost' },
  spent: { type: 'nanos', by: 'tenant/money.lua', holds: 'what its answers cost' },
  reserved: { type: 'nanos', by: 'tenant/money.lua', holds: 'what its sending calls may cost' },
  unconfirmed: { type: 'nanos', by: 'call/unknown.lua call/unknown_calls.lua tenant/money.lua', holds: 'what attempts of unknown cost may have cost' },
  wasted: { type: 'nanos', by: 'call/defer.lua call/settle.lua tenant/money.lua', holds: 'what was spent on answers that decided nothing' },
  price_ok: { type: '0 or 1', by: 'call/confirm.lua call/settle.lua', holds: '1 once an answer has confirmed the price', kept: 'until it is finished' },
  short: { type: 'text', by: 'tenant/budget.lua', holds: '`1`: it waits for money that other calls hold; `trial`: for one call of its tenant', kept: 'until that call ends' },
  short_of: { type: 'nanos', by: 'job/ending.lua', holds: 'the cost of the call for which the budget was too small', kept: 'until it is resumed' },
} as const satisfies Record<string, FieldRow>;

// biome-ignore format: a table is read by its rows.
/**
 * The fields of `job:{job}:call:{call}`. Most calls have no hash: it is made when a call is dispatched, and removed
 * when it is settled.
 */
export const CALL_FIELDS = {
  state: { type: 'text', by: 'call/dispatch.lua call/settle.lua call/unknown.lua redis/shared.lua tenant/money.lua', holds: 'planned, sending or unknown' },
  attempt: { type: 'number', by: 'call/defer.lua call/fall_back.lua permit/give_back.lua tenant/money.lua', holds: 'the last attempt that was sent; 0 or missing before the first' },
  dispatch: { type: 'number', by: 'call/dispatch.lua', holds: 'how often it has entered the window; messages of an earlier entry are void' },
  rows: { type: 'count', by: 'call/settle.lua tenant/money.lua', holds: 'its rows, once it was sent, or if an answer created it' },
  items: { type: 'count', by: 'tenant/money.lua', holds: 'the most items that it was sent for' },
  reserved: { type: 'nanos', by: 'call/fall_back.lua tenant/money.lua', holds: 'what is held for its last attempt' },
  worker: { type: 'text', by: 'tenant/money.lua', holds: 'the worker that sent it' },
  nonce: { type: 'text', by: 'tenant/money.lua', holds: 'the nonce of its last request, which is part of the tag sent with it' },
  sent_at: { type: 'ms', by: 'tenant/money.lua', holds: 'when it was last sent' },
  orphan: { type: '0 or 1', by: 'call/unknown.lua', holds: '1: it is unknown because its worker died' },
  failures: { type: 'count', by: 'call/defer.lua call/resolve.lua', holds: 'attempts that failed' },
  losses: { type: 'count', by: 'call/resolve.lua', holds: 'attempts that were paid for, and whose answer was lost' },
  deaths: { type: 'count', by: 'call/resolve.lua', holds: 'attempts whose worker died' },
  unsent: { type: 'count', by: 'call/defer.lua', holds: 'attempts in a row that were certainly never sent', kept: 'until one is sent' },
  split: { type: '1', by: 'call/may_split.lua', holds: 'it may be split' },
} as const satisfies Record<string, FieldRow>;
