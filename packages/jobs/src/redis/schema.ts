/**
 * Everything that is in Redis: this page, and `fields.ts` for the hashes of jobs and calls. Keys are made from them alone,
 * in TypeScript (`keys.window`, `keys.call(job, 7)`) and in Lua (`window_key`, `call_key(job, call)`). docs/redis.md shows
 * both.
 *
 * Each key begins with the prefix and a colon, such as `linkhaul:window`. `{job}` is `<tenant>/<id>`.
 * A member of a set or list that names a call is `<tenant>/<id>/<call>`, an attempt `<tenant>/<id>/<call>.<attempt>`.
 * An account's name is a hash of its login and host; a question is `<tenant>/<hash>`, the hash being that of upstream,
 * endpoint and parameters. Times are ms since the epoch on Redis' clock unless a row says otherwise; money is in nanos.
 */
export interface KeyRow {
  readonly key: string;
  readonly type: 'hash' | 'zset' | 'set' | 'list' | 'string' | 'bitmap' | 'stream' | 'channel';
  /** The files that write it. */
  readonly by: string;
  readonly kept: Kept;
  readonly holds: string;
}

/** How long a key is kept, and whether it has a time to live in Redis: never, always, or at times. */
interface Kept {
  readonly text: string;
  readonly expires: 'never' | 'always' | 'sometimes';
}

const FOREVER: Kept = { text: 'for good', expires: 'never' };
const WITH_JOB: Kept = { text: 'with its job', expires: 'never' };
const WHILE_FILLED: Kept = { text: 'while it has members', expires: 'never' };
const NOT_KEPT: Kept = { text: 'a channel keeps nothing', expires: 'never' };
const NEVER_THERE: Kept = { text: 'it never exists', expires: 'never' };
const after = (time: string): Kept => ({ text: time, expires: 'always' });
const sometimes = (text: string): Kept => ({ text, expires: 'sometimes' });
const until = (text: string): Kept => ({ text: `until ${text}`, expires: 'never' });

type Rows = Readonly<Record<string, KeyRow>>;

// biome-ignore format: a table is read by its rows.
const INSTALLATION = {
  installation: { key: 'installation', type: 'hash', kept: FOREVER,
    holds: '`id`: as the marker in storage names it. `proposed`: the new id, during the very first start. `era`: that of its snapshots, once storage was adopted without its jobs. `current`: the run id of the server that has, or has restored, all that storage has',
    by: 'redis/installation.ts snapshot/recovery-claim.ts' },
  epoch: { key: 'epoch', type: 'string', kept: FOREVER,
    holds: '`<run id of the server>.<us>`, `first.` before it until a Redis may first have lost writes',
    by: 'permit/permit.lua' },
  reached: { key: 'reached', type: 'string', kept: FOREVER,
    holds: 'how often a replica was asked whether it has all writes, where Redis has replicas', by: 'redis/replicas.ts' },
  recovery: { key: 'recovery', type: 'hash', kept: FOREVER,
    holds: 'how far `linkhaul recover` has come: `state`, `go`, `by`, `asked_at`, `ended_at`, `jobs` and `done` (counts), `claim` (of the worker that carries it out; another one makes its own), `failure` (why it failed last), `unreadable` (JSON: snapshots that could not be read)',
    by: 'snapshot/recovery-claim.ts snapshot/recovery.ts' },
  staged: { key: 'staged:{id}', type: 'hash', kept: after('an hour, or until it is renamed'),
    holds: 'a large hash of a job that comes back from storage, while it is written', by: 'snapshot/write-snapshot.ts' },
  unused: { key: 'unused', type: 'string', kept: NEVER_THERE,
    holds: 'nothing. A write with XX tells whether Redis takes writes', by: '' },
} as const satisfies Rows;

// biome-ignore format: a table is read by its rows.
const JOB = {
  job: { key: 'job:{job}', type: 'hash', kept: until('the job is removed'),
    holds: 'the job: see its fields', by: 'see its fields' },
  history: { key: 'job:{job}:history', type: 'list', kept: WITH_JOB,
    holds: 'JSON `{at, by, action, from, to, reason}` of each action, the oldest first', by: 'job/accept.lua redis/shared.lua' },
  live: { key: 'job:{job}:live', type: 'set', kept: WHILE_FILLED,
    holds: 'numbers of calls that were dispatched or planned by an answer, and are not settled',
    by: 'call/defer.lua call/dispatch.lua call/settle.lua permit/reassert.lua' },
  ready: { key: 'job:{job}:ready', type: 'list', kept: WHILE_FILLED,
    holds: 'numbers of calls to dispatch before the next one of the plan',
    by: 'call/dispatch.lua call/settle.lua redis/shared.lua' },
  stored: { key: 'job:{job}:stored', type: 'bitmap', kept: WITH_JOB,
    holds: 'calls that are settled by an answer', by: 'call/settle.lua' },
  failed: { key: 'job:{job}:failed', type: 'bitmap', kept: WITH_JOB,
    holds: 'calls that are settled without results', by: 'call/settle.lua redis/shared.lua' },
  empty: { key: 'job:{job}:empty', type: 'bitmap', kept: WITH_JOB,
    holds: 'settled calls whose rows are all empty', by: 'call/settle.lua' },
  mixed: { key: 'job:{job}:mixed', type: 'hash', kept: WITH_JOB,
    holds: '`<empty rows>,<failed rows>` by the number of a settled call that has both kinds, or ok rows as well',
    by: 'call/settle.lua' },
  attempts: { key: 'job:{job}:attempts', type: 'hash', kept: WITH_JOB,
    holds: 'the attempt that settled a call, by its number, where that is not the first',
    by: 'call/settle.lua redis/shared.lua' },
  continued: { key: 'job:{job}:continued', type: 'bitmap', kept: WITH_JOB,
    holds: 'settled calls whose answer made further calls: the next page, or the halves of a split', by: 'call/settle.lua' },
  damaged: { key: 'job:{job}:damaged', type: 'bitmap', kept: WITH_JOB,
    holds: 'settled calls whose stored answer is broken', by: 'call/damaged.lua call/settle.lua redis/shared.lua' },
  partlyRetried: { key: 'job:{job}:partly', type: 'set', kept: WITH_JOB,
    holds: 'damaged calls some of whose rows a later run had taken before', by: 'call/damaged.lua' },
  retried: { key: 'job:{job}:retried:{run}', type: 'bitmap', kept: WITH_JOB,
    holds: 'calls whose failed and skipped rows the run processes again', by: 'job/planned_again.lua' },
  fates: { key: 'job:{job}:fates', type: 'hash', kept: WITH_JOB,
    holds: 'JSON `{fate, worker, sent_at, task, cost, held, nonce}` by `<call>.<attempt>`: attempts without an answer or a cost',
    by: 'call/unknown_calls.lua tenant/money.lua' },
  lost: { key: 'job:{job}:lost', type: 'hash', kept: WITH_JOB,
    holds: 'nanos by `<call>.<attempt>.<task id>`, or `.~<nonce>`: costs of attempts that settled nothing',
    by: 'call/defer.lua tenant/money.lua' },
  splits: { key: 'job:{job}:splits', type: 'hash', kept: WITH_JOB,
    holds: 'how many calls came of splits, by root call', by: 'call/may_split.lua' },
  codes: { key: 'job:{job}:codes', type: 'hash', kept: WITH_JOB,
    holds: 'how many failed and skipped rows have a code',
    by: 'call/settle.lua job/finish.lua job/planned_again.lua redis/shared.lua' },
  series: { key: 'job:{job}:series', type: 'list', kept: WITH_JOB,
    holds: 'the width of its points in ms, then up to 300 points, the oldest first: `<time / width>,<calls>,<ok>,<empty>,<failed>,<items>,<nanos>,<answers>,<sum of ms>,<most ms>`',
    by: 'job/series.lua' },
  collected: { key: 'job:{job}:collected', type: 'set', kept: WITH_JOB,
    holds: 'numbers of its Standard tasks that were fetched', by: 'job/task-index.ts' },
  jobUsage: { key: 'job:{job}:usage', type: 'hash', kept: until('its bytes are removed from storage'),
    holds: 'by `<day>:<group>:<measure>`: what the job added to the usage of its tenant. `removed_at`: when it was removed',
    by: 'job/remove.lua tenant/money.lua' },
  deliveriesOfJob: { key: 'job:{job}:deliveries', type: 'list', kept: WITH_JOB,
    holds: 'ids of its deliveries, the oldest first', by: 'events/record_delivery.lua' },
  call: { key: 'job:{job}:call:{call}', type: 'hash', kept: until('the call is settled'),
    holds: 'the call: see its fields', by: 'see its fields' },
} as const satisfies Rows;

// biome-ignore format: a table is read by its rows.
const JOBS = {
  active: { key: 'active', type: 'set', kept: WHILE_FILLED,
    holds: 'jobs that have anything left to do, including their last event', by: 'job/accept.lua job/retry.lua' },
  expiring: { key: 'expiring', type: 'zset', kept: WHILE_FILLED,
    holds: 'finished jobs, by when they are to be removed', by: 'job/finish.lua job/removals.ts' },
  removed: { key: 'removed', type: 'zset', kept: WHILE_FILLED,
    holds: 'removed jobs, and lists of watches, whose bytes are in storage, by when they were removed', by: 'job/give_up.lua job/remove.lua snapshot/write-snapshot.ts watch/put.lua watch/remove.lua' },
  swept: { key: 'swept', type: 'zset', kept: WHILE_FILLED,
    holds: 'removed jobs whose bytes are gone, by when storage is searched once more', by: 'job/removals.ts' },
  uploads: { key: 'uploads', type: 'zset', kept: WHILE_FILLED,
    holds: 'jobs whose list is being received, by when the API last said so', by: 'tenant/uploads.ts' },
  jobs: { key: 'jobs:{tenant}', type: 'zset', kept: WHILE_FILLED,
    holds: 'ids of the tenant\'s jobs, in order of age (all scores are 0)', by: 'job/accept.lua' },
  taskJobs: { key: 'task-jobs:{tenant}', type: 'zset', kept: WHILE_FILLED,
    holds: 'ids of the tenant\'s jobs that answer tasks in the vendor\'s form, in order of age', by: 'job/accept.lua' },
  uncollected: { key: 'uncollected:{tenant}', type: 'zset', kept: WHILE_FILLED,
    holds: 'ids of jobs with Standard tasks that were not fetched, by when they were posted', by: 'job/accept.lua' },
  tags: { key: 'tag-names:{tenant}', type: 'zset', kept: WHILE_FILLED,
    holds: 'tags that the tenant chose, in alphabetical order', by: 'job/accept.lua' },
  tag: { key: 'tag:{tenant}:{tag}', type: 'zset', kept: WHILE_FILLED,
    holds: 'ids of the tag\'s jobs, in order of age', by: 'job/accept.lua' },
  unfinished: { key: 'unfinished:{tenant}:{endpoint}:{tag}', type: 'set', kept: WHILE_FILLED,
    holds: 'jobs of the tag and endpoint that are not finished', by: 'job/accept.lua job/retry.lua' },
  idempotency: { key: 'idempotency:{tenant}:{hash}', type: 'hash', kept: sometimes('10 s while a request claims it, then with its job'),
    holds: '`owner`: the request\'s job id. Once accepted also `job`, `digest` and `bytes` of the request',
    by: 'job/accept.lua job/claim_key.lua' },
  unkept: { key: 'unkept', type: 'zset', kept: WHILE_FILLED,
    holds: 'jobs, and tenants, that have changed since their last snapshot, by when they first did',
    by: 'job/task-index.ts redis/shared.lua snapshot/snapshots.ts tenant/webhook-settings.ts watch/watch.lua' },
  keeping: { key: 'keeping', type: 'zset', kept: WHILE_FILLED,
    holds: '`<job or tenant> <number>` of snapshots that are being stored, by when they were taken',
    by: 'snapshot/take.lua' },
  snapshots: { key: 'snapshots', type: 'hash', kept: WHILE_FILLED,
    holds: 'by job or tenant: the number of its last snapshot, which is the time (ms) or higher', by: 'snapshot/take.lua snapshot/write-snapshot.ts' },
  buried: { key: 'buried', type: 'zset', kept: WHILE_FILLED,
    holds: 'removed jobs whose usage is still kept, by when their snapshots are removed', by: 'job/removals.ts snapshot/write-snapshot.ts' },
  changes: { key: 'changes', type: 'channel', kept: NOT_KEPT,
    holds: 'the name of a job that has changed', by: 'redis/shared.lua' },
} as const satisfies Rows;

// biome-ignore format: a table is read by its rows.
const DISPATCH = {
  turns: { key: 'turns', type: 'zset', kept: WHILE_FILLED,
    holds: 'tenants that have calls to dispatch, by their next turn', by: 'call/dispatch.lua redis/shared.lua tenant/weigh.lua' },
  ring: { key: 'ring:{tenant}', type: 'list', kept: WHILE_FILLED,
    holds: 'ids of the tenant\'s jobs that have calls to dispatch, the next one first',
    by: 'call/dispatch.lua redis/shared.lua' },
  ringMembers: { key: 'ring-members', type: 'set', kept: WHILE_FILLED,
    holds: 'jobs that are in a ring', by: 'redis/shared.lua' },
  window: { key: 'window', type: 'zset', kept: WHILE_FILLED,
    holds: 'calls that have a message in BullMQ or are sending, by when they entered',
    by: 'call/dispatch.lua permit/reassert.lua' },
  later: { key: 'later', type: 'zset', kept: WHILE_FILLED,
    holds: 'calls that wait for another attempt, by when it may be made', by: 'redis/shared.lua' },
  dispatchedAt: { key: 'dispatched-at', type: 'string', kept: FOREVER,
    holds: 'when calls were dispatched last, to notice that the clock went back', by: 'call/dispatch.lua' },
  sending: { key: 'sending', type: 'zset', kept: WHILE_FILLED,
    holds: 'calls that were sent and have no answer, by when they were sent', by: 'tenant/money.lua' },
  unknown: { key: 'unknown', type: 'zset', kept: WHILE_FILLED,
    holds: 'calls that may have been executed, by when they are looked up next',
    by: 'call/call-reader.ts call/fall_back.lua call/unknown.lua' },
  unpriced: { key: 'unpriced', type: 'zset', kept: WHILE_FILLED,
    holds: 'settled attempts whose cost is not known, by when they are looked up next', by: 'call/unpriced.ts tenant/money.lua' },
} as const satisfies Rows;

// biome-ignore format: a table is read by its rows.
const WORKERS = {
  workers: { key: 'heard', type: 'zset', kept: WHILE_FILLED,
    holds: 'workers, by when they last said that they live; for an hour', by: 'permit/beat.lua' },
  workerPlaces: { key: 'worker-places', type: 'hash', kept: WHILE_FILLED,
    holds: 'by worker: how many calls it takes at once, while it takes any', by: 'permit/beat.lua' },
  watch: { key: 'watch', type: 'string', kept: after('6 s'),
    holds: 'since when workers have looked for dead workers without a pause', by: 'call/orphans.lua' },
  storageAway: { key: 'storage-away', type: 'hash', kept: after('4 s after a worker last said so'),
    holds: '`at`, `why`: since when workers cannot store', by: 'permit/worker-reports.ts' },
} as const satisfies Rows;

// biome-ignore format: a table is read by its rows.
const ACCOUNT = {
  upstream: { key: 'upstream:{host}', type: 'hash', kept: FOREVER,
    holds: '`account`, `per_minute`, `in_flight`, as its workers are set', by: 'permit/capacity.ts' },
  permit: { key: 'account:{account}:permit', type: 'hash', kept: FOREVER,
    holds: 'the rate (`tat`, us), the server (`run`, `opens_at`, `fill_at`), the breaker (`failed`, `opened`, `opened_at`, `trial`), slots left unused (`cut`, `cut_at`, `crowded_at`), `tickets` of the queue, `latency_ms`',
    by: 'permit/end_request.lua permit/first_boot.lua permit/outage.lua permit/permit.lua permit/slow.lua' },
  leases: { key: 'account:{account}:leases', type: 'zset', kept: WHILE_FILLED,
    holds: 'attempts, `look-up:<id>`, `probe:<id>`, `baton:<worker>` and `lost:<slot>`, by when they run out (us)',
    by: 'permit/permit.lua permit/reassert.lua' },
  waiting: { key: 'account:{account}:waiting', type: 'zset', kept: WHILE_FILLED,
    holds: 'workers that wait for a slot, by the number of their ticket', by: 'permit/permit.lua' },
  wake: { key: 'account:{account}:wake', type: 'channel', kept: NOT_KEPT,
    holds: '`reopened`: a server that may have lost keys has begun to grant', by: 'permit/permit.lua' },
  wakeWorker: { key: 'account:{account}:wake:{worker}', type: 'channel', kept: NOT_KEPT,
    holds: '`slot`: one is held for the worker', by: 'permit/permit.lua' },
  accountWait: { key: 'account:{account}:pause', type: 'string', kept: after('the wait'),
    holds: 'why nothing is sent for a time', by: 'permit/permit.lua' },
  outage: { key: 'account:{account}:outage', type: 'hash', kept: sometimes('while it lasts, and an hour'),
    holds: '`reason` while it lasts, `tries`, `due_at` of the next probe, `ended_at`',
    by: 'permit/claim_probe.lua permit/outage.lua permit/probed.lua' },
  sent: { key: 'account:{account}:sent', type: 'hash', kept: FOREVER,
    holds: 'requests sent in each ten seconds of the last minute', by: 'permit/permit.lua' },
  lookUps: { key: 'account:{account}:look-ups', type: 'zset', kept: after('61 s'),
    holds: 'requests for the upstream\'s record, by when they were allowed', by: 'permit/take_look_up.lua' },
  recordLock: { key: 'account:{account}:record-lock', type: 'string', kept: after('10 s, renewed while it works'),
    holds: 'who reads the upstream\'s record now', by: 'call/lock_record.lua' },
  failedLookUp: { key: 'account:{account}:failed-look-up', type: 'hash', kept: after('a day, or until one succeeds'),
    holds: '`at`, `why`: the last look-up, where it failed', by: 'permit/worker-reports.ts' },
  failedLookUps: { key: 'account:{account}:failed-look-ups:{hour}', type: 'hash', kept: after('a week'),
    holds: 'of an hour since 1970 by `<code>:`: `count`, `at`, `why` (the last)', by: 'permit/worker-reports.ts' },
  accountWorkers: { key: 'account:{account}:workers', type: 'zset', kept: WHILE_FILLED,
    holds: 'workers that send calls of it, by when they last marked the time; for an hour', by: 'permit/mark_time.lua' },
  missing: { key: 'account:{account}:missing', type: 'set', kept: after('one lease'),
    holds: 'workers that were alive at another server, and have not told this one what they hold', by: 'permit/permit.lua' },
  timeMark: { key: 'account:{account}:heard-at', type: 'string', kept: FOREVER,
    holds: 'up to when this Redis has what the account\'s workers wrote', by: 'permit/mark_time.lua snapshot/search_record_from.lua' },
  aftermath: { key: 'account:{account}:aftermath', type: 'hash', kept: until('the record is read to its end'),
    holds: 'how far the record was read after Redis may have lost writes: `changed_at`, `from`, `to`, `open` (since when calls are under way that no job knows), `at`',
    by: 'call/aftermath.lua permit/permit.lua snapshot/search_record_from.lua' },
} as const satisfies Rows;

// biome-ignore format: a table is read by its rows.
const UPSTREAM = {
  prices: { key: 'prices:{host}', type: 'hash', kept: FOREVER,
    holds: '`balance`; `origin` (JSON); of each endpoint `<endpoint>:call`, `:item` (nanos), `:high`, `:seen`, `:base`: see call/prices.lua',
    by: 'call/price-list.ts call/prices.lua tenant/budget.lua' },
  origins: { key: 'origins', type: 'hash', kept: FOREVER,
    holds: 'by host: 1 where its data is simulated, else 0', by: 'call/price-list.ts call/settle.lua' },
  unreadable: { key: 'unreadable:{host}:{endpoint}', type: 'hash', kept: WHILE_FILLED,
    holds: '`count:<tenant>`, `since:<tenant>`, `trial:<tenant>` and `since`: answers that could not be read, see call/unreadable.lua',
    by: 'call/unreadable.lua' },
  met: { key: 'met:{host}:{endpoint}', type: 'set', kept: WHILE_FILLED,
    holds: 'tenants that had three such answers in a row', by: 'call/unreadable.lua' },
  toPause: { key: 'to-pause', type: 'hash', kept: WHILE_FILLED,
    holds: 'by `<endpoint> <host> <tenant>` (no tenant: everybody): since when its jobs are to be paused',
    by: 'call/unreadable.lua' },
} as const satisfies Rows;

// biome-ignore format: a table is read by its rows.
const TENANTS = {
  tenants: { key: 'tenants', type: 'set', kept: FOREVER,
    holds: 'tenants that ever submitted a job, or made a watch', by: 'job/accept.lua watch/put.lua' },
  tenant: { key: 'tenant:{tenant}', type: 'hash', kept: FOREVER,
    holds: 'its own `budget`, `period`, `weight`, `requests_per_minute`, `max_age`',
    by: 'tenant/request-limits.ts tenant/tenants.ts tenant/weigh.lua' },
  reservations: { key: 'open', type: 'hash', kept: FOREVER,
    holds: 'by tenant: calls for which money is reserved', by: 'snapshot/usage-change.ts tenant/money.lua' },
  shortOf: { key: 'short:{tenant}', type: 'set', kept: WHILE_FILLED,
    holds: 'its jobs that wait for money or a trial of its other jobs', by: 'tenant/budget.lua' },
  committedDay: { key: 'committed:{tenant}:d{day}', type: 'string', kept: after('3 days'),
    holds: 'spent, unconfirmed and reserved of a day since 1970', by: 'snapshot/usage-change.ts tenant/money.lua' },
  committedMonth: { key: 'committed:{tenant}:m{month}', type: 'string', kept: after('65 days'),
    holds: 'the same of a month: year * 12 + month', by: 'snapshot/usage-change.ts tenant/money.lua' },
  usage: { key: 'usage:{tenant}:{day}', type: 'hash', kept: after('800 days'),
    holds: 'by `<group>:<measure>`: calls, items, spent, wasted, unconfirmed of a day since 1970', by: 'snapshot/usage-change.ts tenant/money.lua' },
  usageGroup: { key: 'usage-group:{tenant}:{group}', type: 'string', kept: after('800 days after the last job or cost'),
    holds: 'JSON `{tag, endpoint, metadata}` of the group', by: 'job/accept.lua' },
  problems: { key: 'problems:{tenant}:{hour}', type: 'hash', kept: after('a week'),
    holds: 'of an hour since 1970 by `<kind>:<code>:`: `count`, `at` (the last), `jobs` (up to 5 ids, the latest first)', by: 'tenant/problems.lua' },
  requests: { key: 'requests:{tenant}:{minute}', type: 'string', kept: after('2 minutes'),
    holds: 'its requests in a minute since 1970', by: 'tenant/take_request.lua' },
  liveRequest: { key: 'live-request:{tenant}:{hash}', type: 'string', kept: after('12 minutes, or until its answer is sent'),
    holds: 'the id of the job that answers the live request with this hash of path and body', by: 'tenant/live-requests.ts' },
  apiKey: { key: 'api-key:{hash}', type: 'hash', kept: until('the key is deleted'),
    holds: '`id`, `tenant`, `name`, `scope`, `hint`, `created_at` of the key whose secret has this SHA-256',
    by: 'tenant/api-keys.ts tenant/change_key.lua' },
  apiKeys: { key: 'api-keys:{tenant}', type: 'hash', kept: WHILE_FILLED,
    holds: 'hashes of its keys, by their ids', by: 'tenant/api-keys.ts tenant/change_key.lua' },
  apiKeysUsed: { key: 'api-keys:{tenant}:used', type: 'hash', kept: WHILE_FILLED,
    holds: 'by id: when the key was last used, to a minute', by: 'tenant/api-keys.ts' },
  defaultWebhook: { key: 'default-webhook:{tenant}', type: 'string', kept: until('it is taken away'),
    holds: 'JSON `{url, events, allowPrivate}`', by: 'tenant/webhook-settings.ts' },
  webhookSecret: { key: 'webhook-secret:{tenant}', type: 'string', kept: FOREVER,
    holds: 'the secret that signs its webhooks', by: 'tenant/rotate_secret.lua tenant/webhook-settings.ts' },
  oldWebhookSecrets: { key: 'old-webhook-secrets:{tenant}', type: 'zset', kept: after('a day'),
    holds: 'secrets before it, by when they stop signing', by: 'tenant/rotate_secret.lua' },
} as const satisfies Rows;

// biome-ignore format: a table is read by its rows.
const EVENTS = {
  events: { key: 'events:{tenant}', type: 'stream', kept: FOREVER,
    holds: 'the last 100,000 events: `type` with `job`, `lines`, `state`, with `host`, `reason`, or with `watch`, `data`, `target`', by: 'events/events.lua' },
  outbox: { key: 'outbox', type: 'zset', kept: WHILE_FILLED,
    holds: '`<tenant>/<place in its stream>` of events without a delivery yet, by when they happened',
    by: 'events/events.lua events/events.ts' },
  hooksDue: { key: 'hooks-due', type: 'zset', kept: WHILE_FILLED,
    holds: 'jobs of which rows were decided, so that Standard tasks may be ready that ask to be told, by when the last were (us)',
    by: 'events/hooks-due.ts redis/shared.lua' },
  delivery: { key: 'delivery:{id}', type: 'hash', kept: sometimes('with its job; failed after its job is gone: 30 days'),
    holds: '`state`, `turn` (the round of its attempts), `tenant`, `place`, `event`, `job`, `url`, `allow_private`, `body` while pending, `created_at`, `job_gone`',
    by: 'events/attempted.lua events/deliveries.lua events/record_delivery.lua events/redeliver.lua' },
  deliveryAttempts: { key: 'delivery:{id}:attempts', type: 'list', kept: sometimes('as the delivery'),
    holds: 'JSON of its last 50 attempts', by: 'events/attempted.lua' },
  deliveries: { key: 'deliveries-of:{tenant}', type: 'zset', kept: WHILE_FILLED,
    holds: 'ids of its deliveries, by when they were made', by: 'events/record_delivery.lua' },
  pendingDeliveries: { key: 'deliveries:pending', type: 'zset', kept: WHILE_FILLED,
    holds: 'ids of pending deliveries, by when they are due', by: 'events/deliveries.lua' },
  deliveryTenants: { key: 'deliveries:tenants', type: 'zset', kept: WHILE_FILLED,
    holds: 'tenants with pending deliveries, by when the first may be taken', by: 'events/deliveries.lua' },
  deliveryQueue: { key: 'deliveries-line:{tenant}', type: 'zset', kept: WHILE_FILLED,
    holds: 'its pending deliveries, by when each may be taken: once due, or once its taker is silent',
    by: 'events/deliveries.lua events/hold_deliveries.lua events/take_deliveries.lua' },
  deliveryDue: { key: 'deliveries:due', type: 'channel', kept: NOT_KEPT,
    holds: 'an empty message: a delivery is due now', by: 'events/deliveries.lua' },
} as const satisfies Rows;

// biome-ignore format: a table is read by its rows.
const WATCHES = {
  watches: { key: 'watches:{tenant}', type: 'zset', kept: WHILE_FILLED,
    holds: 'names of its watches, in alphabetical order', by: 'watch/put.lua' },
  watchState: { key: 'watch-state:{tenant}:{name}', type: 'hash', kept: until('the watch is deleted'),
    holds: '`doc` (JSON, as its user set it), `version`, `status` (active or paused), `list` (`<tenant>/<id>` of its rows in storage), `endpoint`, `tag`, `next_at`; of the open run `tick` (when it was due), `tick_by`, `tick_version`, `job`; `skipped` (ticks since the last run); `good`: the job that the next run is compared with',
    by: 'job/accept.lua watch/finish.lua watch/put.lua watch/steer.lua watch/tick.lua watch/watch.lua' },
  watchRuns: { key: 'watch-runs:{tenant}:{name}', type: 'list', kept: until('the watch is deleted'),
    holds: 'JSON of its last 100 runs, the latest first', by: 'watch/watch.lua' },
  watchBudgets: { key: 'watch-budgets:{tenant}', type: 'hash', kept: FOREVER,
    holds: 'by name: `<nanos>,<day, week or month>` of watches that have a budget, or had one when they were deleted', by: 'watch/put.lua' },
  watchMoney: { key: 'watch-money:{tenant}:{name}', type: 'hash', kept: FOREVER,
    holds: 'spent, unconfirmed and reserved by a watch of this name: by day (`d20000`, since 1970), week (`w2857`) and month (`m24000`, year * 12 + month)',
    by: 'snapshot/watch-money-change.ts tenant/money.lua' },
  watchTicks: { key: 'watch-ticks', type: 'zset', kept: WHILE_FILLED,
    holds: '`<tenant>/<name>` of active watches, by when their next run is due', by: 'watch/watch.lua' },
  watchesBehind: { key: 'watches-behind', type: 'set', kept: WHILE_FILLED,
    holds: '`<tenant>/<name>` of active watches whose last two ticks were skipped', by: 'watch/tick.lua' },
  watchesShort: { key: 'watches-short', type: 'zset', kept: WHILE_FILLED,
    holds: '`<tenant>/<name>` of watches whose budget was too small for a call, by when that was found', by: 'job/ending.lua' },
  watchesOpen: { key: 'watches-open', type: 'set', kept: WHILE_FILLED,
    holds: '`<tenant>/<name>` of watches with an open run', by: 'watch/watch.lua' },
} as const satisfies Rows;

// biome-ignore format: a table is read by its rows.
const REUSE = {
  reuse: { key: 'reuse:{question}', type: 'hash', kept: after('the days for which the jobs are kept whose answers are noted, and 90 days'),
    holds: 'a question that is kept: `version` (counts what is noted), `complete` (1: the answers from before are noted too), `jobs` (the last number of a job), `keep_ms`',
    by: 'reuse/note.lua reuse/open.lua reuse/reuse-index.ts' },
  reuseJobs: { key: 'reuse:{question}:jobs', type: 'hash', kept: after('as the question'),
    holds: 'jobs whose answers are noted, by their numbers, and the numbers by the jobs', by: 'reuse/note.lua' },
  reuseBucket: { key: 'reuse:{question}:at:{bucket}', type: 'hash', kept: after('as the question'),
    holds: '`<number of the job>.<call>.<attempt>.<answered at, s>.<version>` by a hash of the target, with `~` behind it where the answer has a part of the items',
    by: 'reuse/note.lua' },
  reuseClaims: { key: 'reuse:{question}:claims', type: 'hash', kept: after('a day after the last one'),
    holds: 'by a hash of the target: the call that buys it, of a job that says `max_age`', by: 'reuse/claims.lua' },
} as const satisfies Rows;

export const KEYS = {
  ...INSTALLATION,
  ...JOB,
  ...JOBS,
  ...DISPATCH,
  ...WORKERS,
  ...ACCOUNT,
  ...UPSTREAM,
  ...TENANTS,
  ...EVENTS,
  ...WATCHES,
  ...REUSE,
};

/** The groups, in the order of docs/redis.md. */
export const KEY_GROUPS: Readonly<Record<string, Rows>> = {
  'The installation': INSTALLATION,
  'One job': JOB,
  'Jobs, and how they are found': JOBS,
  Dispatch: DISPATCH,
  Workers: WORKERS,
  "The upstream's account": ACCOUNT,
  "The upstream's prices and answers": UPSTREAM,
  Tenants: TENANTS,
  'Events and deliveries': EVENTS,
  Watches: WATCHES,
  'Answers that are used again': REUSE,
};

export type KeyName = keyof typeof KEYS;

/** Prefixes of keys that other code makes: BullMQ's queues, and the `redis:` storage of packages/storage. */
export const OTHERS = {
  bull: 'bull',
  storage: 'storage',
  storageContents: 'storage-contents',
  storageFirst: 'storage-first',
} as const;
