import { describe, expect, it } from 'vitest';
import { accountName } from '../src/account/account-name.js';
import { readWorkerEnv } from '../src/env.js';

const least = { UPSTREAM_URL: 'https://api.dataforseo.com', UPSTREAM_LOGIN: 'me', UPSTREAM_PASSWORD: 'secret' };

function read(extra: Record<string, string>) {
  const result = readWorkerEnv({ ...least, ...extra });
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.env;
}

describe('the environment of a worker', () => {
  it('needs an upstream and credentials, and reports all problems at once', () => {
    const result = readWorkerEnv({ UPSTREAM_MAX_IN_FLIGHT: 'many', STORAGE_URL: 'ftp://bucket', PORT: '70000' });
    expect(result.ok).toBe(false);
    const problems = result.ok ? [] : result.problems;
    for (const name of ['UPSTREAM_URL', 'UPSTREAM_MAX_IN_FLIGHT', 'STORAGE_URL', 'PORT']) {
      expect(problems.some((problem) => problem.startsWith(name))).toBe(true);
    }
    expect(readWorkerEnv({ UPSTREAM_URL: least.UPSTREAM_URL })).toMatchObject({ ok: false });
  });

  it('takes the credentials of the machine for a bucket where none are given; half of them are a mistake', () => {
    const bucket = { ...least, STORAGE_URL: 's3://bucket' };
    const missing = 'AWS_ACCESS_KEY_ID: and AWS_SECRET_ACCESS_KEY are needed both, or neither';
    expect(read(bucket).storage.kind).toBe('s3');
    const half = { ...bucket, AWS_ACCESS_KEY_ID: 'AKID', PORT: 'x' };
    expect(readWorkerEnv(half)).toEqual({ ok: false, problems: [expect.stringContaining('PORT'), missing] });
    expect(read({ ...bucket, AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret' }).storage.kind).toBe('s3');
  });

  it('has the documented defaults', () => {
    expect(read({})).toMatchObject({
      port: null,
      concurrency: 45,
      limits: { maxPerMinute: 2000, maxInFlight: 30, leaseMs: 135_000 },
      unknown: { lookUpAfterMs: 180_000, againMs: 10_000, maxMs: 900_000, policy: 'rebuy' },
      prices: { call: 24_000_000, item: 36_000 },
    });
  });

  it('makes a lease as long as the upstream may work on a request', () => {
    expect(read({ UPSTREAM_MAX_RUN_MS: '200000' }).limits.leaseMs).toBe(205_000);
    expect(read({ UPSTREAM_TIMEOUT_MS: '300000' }).limits.leaseMs).toBe(305_000);
  });

  it('scales the times that tests wait for, all of them together', () => {
    const real = read({});
    expect(real.timing).toMatchObject({ lockMs: 10_000, stalledCheckMs: 4_000, silentMs: 10_000 });
    const half = read({ TIME_SCALE: '0.5' });
    for (const [name, ms] of Object.entries(real.timing)) expect(half.timing).toHaveProperty(name, ms / 2);
    expect(half).toMatchObject({ limits: { leaseMs: 132_500 }, unknown: { againMs: 5_000 } });
    for (const TIME_SCALE of ['0', '2', 'fast']) expect(readWorkerEnv({ ...least, TIME_SCALE }).ok).toBe(false);
  });

  it('accepts only a metrics token that can be sent as a bearer token', () => {
    const token = 'a-token-for-tests';
    expect(read({ METRICS_TOKEN: token, HOST: '0.0.0.0' }).metrics).toEqual({ token });
    expect(read({}).metrics).toBe('local');
    for (const HOST of ['0.0.0.0', '::', '10.0.0.1', 'worker']) expect(read({ HOST }).metrics).toBe('closed');
    const { problems } = { problems: [], ...readWorkerEnv({ ...least, METRICS_TOKEN: 'two words of a token' }) };
    expect(problems).toEqual([expect.stringContaining('METRICS_TOKEN')]);
  });

  it('accepts DNS servers for names of receivers, with or without a port', () => {
    expect(read({}).webhookDnsServers).toEqual([]);
    const servers = ['192.0.2.1', '192.0.2.1:5353', '2001:db8::1', '[2001:db8::1]:53'];
    expect(read({ WEBHOOK_DNS_SERVERS: servers.join(', ') }).webhookDnsServers).toEqual(servers);
    for (const wrong of ['dns.example', '192.0.2.1:0', '192.0.2.1:65536', '[192.0.2.1]:53', '192.0.2.1,', '1.2.3']) {
      const { problems } = { problems: [], ...readWorkerEnv({ ...least, WEBHOOK_DNS_SERVERS: wrong }) };
      expect(problems).toEqual([expect.stringContaining('WEBHOOK_DNS_SERVERS')]);
    }
  });

  it('prefers a token if one is set', () => {
    expect(read({ UPSTREAM_TOKEN: 'abc' }).upstream.auth).toEqual({ token: 'abc' });
  });
});

describe('the flavour', () => {
  const aisa = 'https://api.aisa.one/apis/v1/dataforseo';
  const problems = (env: Record<string, string>) => {
    const result = readWorkerEnv(env);
    return result.ok ? [] : result.problems;
  };

  it('is that of the host, unless it is named', () => {
    expect(read({}).upstream).toMatchObject({ flavour: 'dataforseo', body: 'array' });
    expect(read({ UPSTREAM_URL: `${aisa}/`, UPSTREAM_TOKEN: 'abc' }).upstream).toMatchObject({ flavour: 'aisa' });
    const own = { UPSTREAM_URL: 'http://127.0.0.1:8090/apis/v1/dataforseo', UPSTREAM_TOKEN: 'abc' };
    expect(read(own).upstream.flavour).toBe('dataforseo');
    expect(read({ ...own, UPSTREAM_FLAVOR: 'aisa', UPSTREAM_BODY: 'object' }).upstream).toMatchObject({
      flavour: 'aisa',
      body: 'object',
      auth: { token: 'abc' },
    });
  });

  it('says which credentials are missing', () => {
    expect(problems({ ...least, UPSTREAM_URL: aisa })).toEqual([expect.stringMatching(/^UPSTREAM_TOKEN: is required/)]);
    expect(problems({ ...least, UPSTREAM_FLAVOR: 'aisa' })).toEqual([expect.stringMatching(/^UPSTREAM_TOKEN: /)]);
    expect(problems({ UPSTREAM_URL: least.UPSTREAM_URL, UPSTREAM_LOGIN: 'me' })).toEqual([
      'UPSTREAM_LOGIN: and UPSTREAM_PASSWORD are required, or UPSTREAM_TOKEN',
    ]);
    expect(problems({ UPSTREAM_URL: least.UPSTREAM_URL, UPSTREAM_TOKEN: 'abc' })).toEqual([]);
  });

  it('is refused if it does not exist, and so is the gateway’s host without its path', () => {
    expect(problems({ ...least, UPSTREAM_FLAVOR: 'aiza' })).toEqual([expect.stringMatching(/^UPSTREAM_FLAVOR: /)]);
    for (const url of ['https://api.aisa.one', `${aisa}/v3`, aisa.replace('https', 'http')]) {
      expect(problems({ UPSTREAM_URL: url, UPSTREAM_TOKEN: 'abc' })).toEqual([`UPSTREAM_URL: must be ${aisa}`]);
    }
  });
});

describe('accounts', () => {
  it('have the same name for the same credentials at the same upstream, which does not reveal them', () => {
    const auth = { login: 'me', password: 'one' };
    const name = accountName({ url: 'https://api.dataforseo.com', auth });
    expect(accountName({ url: 'https://api.dataforseo.com/', auth: { login: 'me', password: 'changed' } })).toBe(name);
    expect(accountName({ url: 'https://api.dataforseo.com', auth: { login: 'you', password: 'one' } })).not.toBe(name);
    expect(name).toMatch(/^[0-9a-f]{12}$/);
  });
});
