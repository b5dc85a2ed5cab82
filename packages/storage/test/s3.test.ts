import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import {
  BUCKET,
  STORE_KEYS,
  STORE_REGION,
  type StandIn,
  type StandInOptions,
  startStandIn,
  type Trouble,
} from '@linkhaul/stack';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { type Backend, parseStorageUrl, type StorageAccess, StorageAway } from '../src/index.js';
import { INSTALLATION } from './backends.js';
import { testRedisUrl } from './redis.js';

const bytes = (text: string) => Buffer.from(text);

interface Settings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly bucket?: string;
  readonly credentials?: StorageAccess['credentials'];
  readonly redisPrefix?: string;
}

function openAt(store: StandIn, settings: Settings = {}): Backend {
  const { endpoint = store.endpoint, region = STORE_REGION, bucket = BUCKET, credentials = STORE_KEYS } = settings;
  const named = parseStorageUrl(`s3://${bucket}/data?${new URLSearchParams({ endpoint, region })}`);
  const prefix = settings.redisPrefix ?? `test-${randomUUID()}`;
  const backend =
    named?.open({ address: { kind: 'server', url: testRedisUrl() }, prefix, credentials }) ?? expect.fail();
  onTestFinished(() => backend.close());
  return backend;
}

async function newStore(options: StandInOptions = {}): Promise<StandIn> {
  const store = await startStandIn(options);
  onTestFinished(() => store.close());
  return store;
}

/** A store that holds one object, and a backend that serves it. */
async function openPlace(options: StandInOptions = {}) {
  const store = await newStore(options);
  const backend = openAt(store);
  await backend.claim(INSTALLATION);
  await backend.put('jobs/t/kept', bytes('kept'));
  return { store, backend };
}

/** Trouble for the first requests of a form, for all tries of each or for some. */
function troubleAt(store: StandIn, form: RegExp, trouble: Trouble, tries = Number.POSITIVE_INFINITY): void {
  let left = tries;
  store.behaviour.trouble = ({ method, path }) => (form.test(`${method} ${path}`) && left-- > 0 ? trouble : null);
}

const STEPS: Record<string, (backend: Backend) => Promise<unknown>> = {
  owner: (backend) => backend.owner(),
  claim: (backend) => backend.claim('inst_other'),
  put: (backend) => backend.put('jobs/t/more', bytes('x')),
  create: (backend) => backend.create('jobs/t/more', bytes('x')),
  get: (backend) => backend.get('jobs/t/none'),
  list: (backend) => backend.list('jobs'),
  remove: (backend) => backend.remove('jobs'),
  verify: (backend) => backend.verify(),
  check: (backend) => backend.check(),
};

const wrongKeys = (changes: object) => ({ credentials: { ...STORE_KEYS, ...changes } });

const REFUSALS: Record<string, { settings: Settings; says: string }> = {
  'nobody at the endpoint': {
    settings: { endpoint: 'http://127.0.0.1:1' },
    says: 'ECONNREFUSED at s3://linkhaul/data/ (http://127.0.0.1:1)',
  },
  'a wrong secret': {
    settings: wrongKeys({ secretAccessKey: 'wrong' }),
    says: 'the credentials are refused (SignatureDoesNotMatch) at s3://linkhaul/data/',
  },
  'an unknown key': {
    settings: wrongKeys({ accessKeyId: 'AKIDOTHER' }),
    says: 'the credentials are refused (InvalidAccessKeyId) at s3://linkhaul/data/',
  },
  'another region': {
    settings: { region: 'us-east-1' },
    says: 'the bucket is in another region or at another endpoint than STORAGE_URL says (AuthorizationHeaderMalformed)',
  },
  'a missing bucket': {
    settings: { bucket: 'missing' },
    says: 'the bucket does not exist (NoSuchBucket) at s3://missing/data/',
  },
};

test.each(Object.keys(REFUSALS))('%s: each step says so in a sentence, and nothing is changed', async (what) => {
  const { store } = await openPlace();
  const { settings, says } = REFUSALS[what] ?? expect.fail();
  const before = new Map(store.bucket.objects);
  const backend = openAt(store, settings);
  backend.serve(INSTALLATION);
  await Promise.all(
    Object.entries(STEPS).map(async ([step, run]) => {
      const error: unknown = await run(backend).catch((why: unknown) => why);
      expect(error, step).toBeInstanceOf(StorageAway);
      expect(String(error), step).toContain(`storage does not serve: ${says}`);
      // Of an error with a code the health shows that alone.
      expect(error, step).not.toHaveProperty('code');
    }),
  );
  expect(store.bucket.objects).toEqual(before);
});

test.each([
  ['the bucket of another installation', 'inst_another', 'the marker is inst_test, not inst_another,'],
  ['a bucket that nobody is known to serve', null, 'it is not known whose data is at s3://linkhaul/data/'],
])('%s: nothing is said to be absent, and nothing is changed', async (_, served, says) => {
  const { store } = await openPlace();
  const before = new Map(store.bucket.objects);
  const backend = openAt(store);
  backend.serve(served);
  const { owner, claim, ...others } = STEPS;
  for (const [step, run] of Object.entries(others)) {
    await expect(run(backend), step).rejects.toThrow(StorageAway);
    await expect(run(backend), step).rejects.toThrow(says);
  }
  expect([await owner?.(backend), await claim?.(backend)]).toEqual([INSTALLATION, INSTALLATION]);
  expect(store.bucket.objects).toEqual(before);
});

test('a bucket that was emptied is storage away, until what it held is back', async () => {
  const { store, backend } = await openPlace();
  const held = new Map(store.bucket.objects);
  store.bucket.objects.clear();
  for (const step of ['get', 'list', 'check'])
    await expect(STEPS[step]?.(backend)).rejects.toThrow('marker inst_test is missing');
  for (const [key, object] of held) store.bucket.objects.set(key, object);
  expect(await backend.get('jobs/t/kept')).toEqual(bytes('kept'));
});

test('the right to list is asked for before anything is thought to be absent, at the very first start too', async () => {
  const says =
    'the credentials lack the right s3:ListBucket, without which a missing object looks like a forbidden one';
  const store = await newStore();
  store.behaviour.lacks = ['s3:ListBucket'];
  await expect(openAt(store).owner()).rejects.toThrow(says);
  await expect(openAt(store).claim(INSTALLATION)).rejects.toThrow(says);
  expect(store.bucket.objects.size).toBe(0);

  store.behaviour.lacks = [];
  await openAt(store).claim(INSTALLATION);
  store.behaviour.lacks = ['s3:ListBucket'];
  const backend = openAt(store);
  backend.serve(INSTALLATION);
  await expect(backend.check()).rejects.toThrow(says);
  await expect(backend.get('jobs/t/none')).rejects.toThrow(says);
});

test.each(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'] as const)(
  'without the right %s check names it',
  async (right) => {
    const { store } = await openPlace();
    const backend = openAt(store);
    backend.serve(INSTALLATION);
    store.behaviour.lacks = [right];
    await expect(backend.check()).rejects.toThrow(`the credentials lack the right ${right} (AccessDenied)`);
    store.behaviour.lacks = [];
    await backend.check();
  },
);

test('a write that fails is in doubt: the next check tries writing, and says why it cannot', async () => {
  const { store, backend } = await openPlace();
  await backend.check();
  store.behaviour.lacks = ['s3:PutObject'];
  await backend.check();
  await expect(backend.put('jobs/t/more', bytes('x'))).rejects.toThrow('s3:PutObject');
  await expect(backend.check()).rejects.toThrow('s3:PutObject');
  store.behaviour.lacks = [];
  await backend.check();
});

test('a check tells soon what is wrong: nothing is repeated more than twice for it', async () => {
  const { store, backend } = await openPlace();
  let requests = 0;
  store.behaviour.trouble = () => {
    requests++;
    return 'busy';
  };
  await expect(backend.check()).rejects.toThrow('SlowDown');
  await expect(backend.verify()).rejects.toThrow('SlowDown');
  expect(requests).toBe(6);
});

test.each([20, -20])('a clock that is %i minutes off is set by the answers of the store', async (minutes) => {
  const { store, backend } = await openPlace();
  store.behaviour.aheadMs = minutes * 60_000;
  await backend.put('jobs/t/more', bytes('more'));
  expect(await backend.get('jobs/t/more')).toEqual(bytes('more'));
});

test.each(['small', 'large'])(
  'a %s first write whose answer was cut has been made, and another one has not',
  async (size) => {
    const { store, backend } = await openPlace();
    await backend.create('jobs/t/first', bytes('x'));
    const [ours, theirs] = [1, 2].map((fill) => Buffer.alloc(size === 'small' ? 5 : 9 * 2 ** 20, fill));
    if (ours === undefined || theirs === undefined) expect.fail();
    // Of several steps the last one.
    const lastStep = size === 'small' ? /^PUT .*more/ : /^POST .*more\?uploadId/;
    troubleAt(store, lastStep, 'cut_answer', 1);
    expect(await backend.create('jobs/t/more', ours)).toBe(true);
    troubleAt(store, lastStep, 'cut_answer', 1);
    expect(await backend.create('jobs/t/more', theirs)).toBe(false);
    expect(ours.equals((await backend.get('jobs/t/more')) ?? expect.fail())).toBe(true);
    troubleAt(store, lastStep, 'cut_answer', 1);
    await backend.put('jobs/t/more', theirs);
    expect(theirs.equals((await backend.get('jobs/t/more')) ?? expect.fail())).toBe(true);
  },
);

test.each(['busy', 'cut_request'] as const)(
  'a store that is %s at every try is storage away, and nothing is written',
  async (trouble) => {
    const { store, backend } = await openPlace();
    const before = new Map(store.bucket.objects);
    store.behaviour.trouble = () => trouble;
    const large = Buffer.alloc(9 * 2 ** 20);
    const failed = await Promise.all(
      [
        backend.put('jobs/t/a', bytes('a')),
        backend.create('jobs/t/b', large),
        backend.get('jobs/t/kept'),
        backend.remove('jobs'),
      ].map((step) => step.then(() => null).catch((error: unknown) => error)),
    );
    for (const error of failed) {
      expect(error).toBeInstanceOf(StorageAway);
      expect(String(error)).toMatch(trouble === 'busy' ? /SlowDown/ : /UND_ERR_SOCKET|ECONNRESET|EPIPE/);
    }
    expect(store.bucket.objects).toEqual(before);
    store.behaviour.trouble = () => null;
    expect(await backend.create('jobs/t/b', large)).toBe(true);
  },
);

test('an upload in parts that fails is given up, and leaves no parts', async () => {
  const { store, backend } = await openPlace();
  troubleAt(store, /partNumber=2/, 'busy');
  await expect(backend.put('jobs/t/large', Buffer.alloc(17 * 2 ** 20))).rejects.toThrow('SlowDown');
  expect(store.bucket.uploads.size).toBe(0);
  expect(await backend.get('jobs/t/large')).toBeNull();
});

/** The steps of a first write where the store does not know conditions, at which a writer may end. */
const ENDS = {
  'its own name': /^PUT .*answer~/,
  'the key': /^PUT [^~]*answer$/,
  'removing its own name': /^POST .*delete/,
};

test.each(Object.keys(ENDS))(
  'without conditions: whatever becomes of a writer that ends at %s, the key has one content',
  async (step) => {
    const { store } = await openPlace({ isConditional: false });
    const redisPrefix = `test-${randomUUID()}`;
    const writers = [1, 2, 3].map(() => openAt(store, { redisPrefix }));
    for (const writer of writers) writer.serve(INSTALLATION);
    const [ending, ...others] = writers;
    // The store is asked what it knows before the trouble begins.
    await Promise.all(writers.map((writer) => writer.check()));
    troubleAt(store, ENDS[step as keyof typeof ENDS], 'busy');
    const ended = ending?.create('jobs/t/answer', bytes('of the first'));
    // By then the key is there.
    if (step === 'removing its own name') expect(await ended).toBe(true);
    else await expect(ended).rejects.toThrow(StorageAway);
    store.behaviour.trouble = () => null;
    const wins = await Promise.all(others.map((writer, at) => writer.create('jobs/t/answer', bytes(`of ${at}`))));
    const expected = step === 'its own name' ? `of ${wins.indexOf(true)}` : 'of the first';
    expect(wins.filter((won) => won)).toHaveLength(step === 'its own name' ? 1 : 0);
    for (const writer of writers) expect(String(await writer.get('jobs/t/answer'))).toBe(expected);
    expect(await ending?.create('jobs/t/answer', bytes('again'))).toBe(false);
    expect(await ending?.list('jobs/t')).toEqual(['jobs/t/kept', 'jobs/t/answer'].toSorted());
  },
);

/** Holds the first request of a form until it is released. */
function holdAt(store: StandIn, form: RegExp): { readonly held: Promise<unknown>; release(): unknown } {
  const moments = new EventEmitter();
  const [held, released] = [once(moments, 'held'), once(moments, 'released')];
  let isFirst = true;
  store.behaviour.trouble = ({ method, path }) => {
    if (!isFirst || !form.test(`${method} ${path}`)) return null;
    isFirst = false;
    moments.emit('held');
    return released.then(() => null);
  };
  return { held, release: () => moments.emit('released') };
}

test.each([
  ['its own name', 'quick'],
  ['the key', 'slow'],
] as const)(
  'without conditions: a writer that stands still at %s changes nothing later, and Redis forgets the key',
  async (step, winner) => {
    const { store } = await openPlace({ isConditional: false });
    const redisPrefix = `test-${randomUUID()}`;
    const [slow, quick] = [openAt(store, { redisPrefix }), openAt(store, { redisPrefix })];
    for (const writer of [slow, quick]) {
      writer.serve(INSTALLATION);
      await writer.check();
    }
    const { held, release } = holdAt(store, ENDS[step]);
    const slowly = slow.create('jobs/t/answer', bytes('slow'));
    await held;
    expect(await quick.create('jobs/t/answer', bytes('quick'))).toBe(winner === 'quick');
    expect(String(await quick.get('jobs/t/answer'))).toBe(winner);
    release();
    expect(await slowly).toBe(winner === 'slow');
    expect(String(await quick.get('jobs/t/answer'))).toBe(winner);
    const redis = new Redis(testRedisUrl());
    onTestFinished(() => redis.disconnect());
    await expect.poll(() => redis.keys(`${redisPrefix}:*`)).toEqual([]);
    expect([...store.bucket.objects.keys()].filter((key) => key.includes('~'))).toEqual([]);
  },
);
