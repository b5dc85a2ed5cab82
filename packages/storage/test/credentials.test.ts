import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { BUCKET, STORE_KEYS, STORE_REGION, startStandIn } from '@linkhaul/stack';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { environment } from '../../../e2e/env.js';
import { type Backend, parseStorageUrl, StorageAway } from '../src/index.js';
import { INSTALLATION, newFolder } from './backends.js';
import { testRedisUrl } from './redis.js';

const MINUTE_MS = 60_000;
const bytes = Buffer.from('x');

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}
const FIRST: Keys = { accessKeyId: 'ASIAFIRST', secretAccessKey: 'first/secret+', sessionToken: 'first token' };
const SECOND: Keys = { accessKeyId: 'ASIASECOND', secretAccessKey: 'second/secret+', sessionToken: 'second token' };

/** What hands out credentials: a machine's metadata, a container's, and AWS' service for tokens, by the path. */
interface Machine {
  readonly url: string;
  keys: Keys;
  validMs: number;
  /** How often credentials were handed out. */
  handedOut: number;
}

async function startMachine(): Promise<Machine> {
  const machine = { url: '', keys: FIRST, validMs: 60 * MINUTE_MS, handedOut: 0 };
  const server = createServer(async (request, response) => {
    const said = answerOf(request, await text(request), machine);
    response.writeHead(said === null ? 401 : 200, { 'x-aws-ec2-metadata-token-ttl-seconds': '60' }).end(said);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the machine does not listen on a port');
  machine.url = `http://127.0.0.1:${address.port}`;
  return machine;
}

/** Null: refused. */
function answerOf({ method, url, headers }: IncomingMessage, body: string, machine: Machine): string | null {
  const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token } = machine.keys;
  const Expiration = new Date(Date.now() + machine.validMs).toISOString();
  const asJson = JSON.stringify({ Code: 'Success', AccessKeyId, SecretAccessKey, Token, Expiration });
  const handOut = (isAllowed: boolean, said: string) => {
    if (isAllowed) machine.handedOut++;
    return isAllowed ? said : null;
  };
  if (method === 'PUT' && url === '/latest/api/token') return 'of the session';
  const isOfSession = headers['x-aws-ec2-metadata-token'] === 'of the session';
  if (url === '/latest/meta-data/iam/security-credentials/') return isOfSession ? 'the-role' : null;
  if (url === '/latest/meta-data/iam/security-credentials/the-role') return handOut(isOfSession, asJson);
  if (url === '/container') return handOut(headers.authorization === 'Basic of the container', asJson);
  const asked = new URLSearchParams(body);
  const isRole =
    asked.get('Action') === 'AssumeRoleWithWebIdentity' && asked.get('RoleArn') === 'arn:aws:iam::1:role/a';
  const fields = Object.entries({ AccessKeyId, SecretAccessKey, SessionToken: Token, Expiration });
  const credentials = fields.map(([name, value]) => `<${name}>${value}</${name}>`).join('');
  return handOut(
    isRole && asked.get('WebIdentityToken') === 'of the pod',
    `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>${credentials}</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
  );
}

/** The environment in which each of them is found. */
const SOURCES: Record<string, (machine: Machine, folder: string) => Promise<Record<string, string>>> = {
  'an EC2 instance': async ({ url }) => ({ AWS_EC2_METADATA_SERVICE_ENDPOINT: url }),
  'a container': async ({ url }) => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/container`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'Basic of the container',
  }),
  'a web identity': async ({ url }, folder) => {
    await writeFile(join(folder, 'token'), 'of the pod');
    const token = { AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'), AWS_ROLE_ARN: 'arn:aws:iam::1:role/a' };
    return { ...token, AWS_ENDPOINT_URL_STS: url };
  },
};

beforeEach(async () => {
  const folder = await newFolder();
  // Nothing of the machine on which the tests run.
  for (const name of Object.keys(environment)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  return () => vi.unstubAllEnvs();
});

/** A bucket that is opened without credentials, in an environment. */
async function openIn(environment: Record<string, string>, keys: Keys | typeof STORE_KEYS) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const store = await startStandIn();
  store.behaviour.keys = keys;
  const query = new URLSearchParams({ endpoint: store.endpoint, region: STORE_REGION });
  const settings = parseStorageUrl(`s3://${BUCKET}/data?${query}`) ?? expect.fail();
  const backend: Backend = settings.open({
    address: { kind: 'server', url: testRedisUrl() },
    prefix: 'test-credentials',
  });
  onTestFinished(async () => {
    await backend.close();
    await store.close();
  });
  return { store, backend };
}

test.each(Object.keys(SOURCES))(
  'the credentials of %s serve, and others take their place once these are refused',
  async (name) => {
    const machine = await startMachine();
    const environment = (await SOURCES[name]?.(machine, await newFolder())) ?? expect.fail();
    const { store, backend } = await openIn(environment, FIRST);
    await backend.claim(INSTALLATION);
    await backend.put('jobs/a', bytes);
    expect(machine.handedOut).toBe(1);
    machine.keys = SECOND;
    store.behaviour.keys = SECOND;
    expect(await backend.get('jobs/a')).toEqual(bytes);
    expect(machine.handedOut).toBe(2);
  },
);

test('credentials that expire within five minutes are replaced before the store refuses them', async () => {
  const machine = await startMachine();
  machine.validMs = 4 * MINUTE_MS;
  const { backend } = await openIn((await SOURCES['a container']?.(machine, '')) ?? expect.fail(), FIRST);
  await backend.claim(INSTALLATION);
  await expect.poll(async () => (await backend.get('installation')) && machine.handedOut).toBeGreaterThan(1);
});

test('the profile that AWS_PROFILE names is read from the shared file', async () => {
  const file = join(await newFolder(), 'shared');
  const { accessKeyId, secretAccessKey } = STORE_KEYS;
  await writeFile(
    file,
    `[default]\naws_access_key_id = OTHER\naws_secret_access_key = other\n\n[linkhaul]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  );
  const { backend } = await openIn({ AWS_SHARED_CREDENTIALS_FILE: file, AWS_PROFILE: 'linkhaul' }, STORE_KEYS);
  await backend.claim(INSTALLATION);
  await backend.put('jobs/a', bytes);
});

test('where no credentials are found, storage is away, and says so', async () => {
  const { backend } = await openIn({ AWS_EC2_METADATA_DISABLED: 'true' }, STORE_KEYS);
  const error: unknown = await backend.claim(INSTALLATION).catch((why: unknown) => why);
  expect(error).toBeInstanceOf(StorageAway);
  expect(String(error)).toContain('AWS_ACCESS_KEY_ID is not set, and no other credentials were found');
});
