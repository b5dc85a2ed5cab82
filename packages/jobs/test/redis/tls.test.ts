import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { redisBinary, startRedisServer, startSentinel } from '@linkhaul/stack';
import { expect, onTestFinished, test } from 'vitest';
import { environment } from '../redis.js';

const run = promisify(execFile);
const JOBS = new URL('../../dist/index.js', import.meta.url).href;
const STORAGE = new URL('../../../storage/dist/index.js', import.meta.url).href;

/** What a process does that knows the authority only from its environment, as the service does. */
const PING = `
const { connectClient, redisOf } = await import('${JOBS}');
const { parseRedisUrl } = await import('${STORAGE}');
const redis = connectClient(redisOf({ REDIS_URL: parseRedisUrl(process.argv[1]), REDIS_PREFIX: 'tls' }));
await Promise.race([
  new Promise((resolve) => redis.once('ready', resolve)),
  new Promise((_, reject) => redis.once('error', reject)),
]);
process.stdout.write(await redis.ping());
redis.disconnect();
process.exit();
`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('there is no port');
  return address.port;
}

/** A folder with a key and a certificate for 127.0.0.1 that is its own authority. */
async function newIdentity(): Promise<{ folder: string; settings: Record<string, string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-tls-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', key, '-out', certificate];
  await run('openssl', ['req', '-x509', '-nodes', '-days', '1', ...names, ...made]);
  return {
    folder,
    settings: {
      'tls-cert-file': certificate,
      'tls-key-file': key,
      'tls-ca-cert-file': certificate,
      'tls-auth-clients': 'no',
      'tls-replication': 'yes',
    },
  };
}

test('sentinels, the primary that they name, and the nodes of a cluster are spoken to over TLS, and their names are checked', async () => {
  const binary = await redisBinary({ env: environment, mayInstall: false, say: () => undefined });
  const { folder, settings } = await newIdentity();
  const start = async (more: Record<string, string>) => {
    const port = await freePort();
    const dir = await mkdtemp(join(folder, 'redis-'));
    const server = await startRedisServer({
      binary,
      dir,
      settings: { ...settings, ...more, 'tls-port': String(port) },
    });
    onTestFinished(() => server.child.kill());
    return { ...server, tlsPort: port };
  };
  const primary = await start({});
  const node = await start({ 'cluster-enabled': 'yes', 'tls-cluster': 'yes' });
  const slots = ['-p', String(node.port), 'CLUSTER', 'ADDSLOTSRANGE', '0', '16383'];
  await run(binary.replace(/server$/, 'cli'), slots);
  const sentinelPort = await freePort();
  const config = [
    ...Object.entries(settings).map(([name, value]) => `${name} ${value}`),
    `tls-port ${sentinelPort}`,
    `sentinel monitor mine 127.0.0.1 ${primary.tlsPort} 1`,
  ];
  const sentinel = await startSentinel({ binary, dir: await mkdtemp(join(folder, 'sentinel-')), config });
  onTestFinished(() => sentinel.child.kill());

  const ping = (url: string, env: Record<string, string | undefined>) =>
    run(process.execPath, ['--input-type=module', '--eval', PING, url], { env: { ...environment, ...env } });
  const trusted = { NODE_EXTRA_CA_CERTS: settings['tls-cert-file'] };
  const urls = [`rediss+sentinel://127.0.0.1:${sentinelPort}/mine`, `rediss+cluster://127.0.0.1:${node.tlsPort}`];
  for (const url of urls) {
    await expect.poll(() => ping(url, trusted).then(({ stdout }) => stdout, String)).toBe('PONG');
    await expect(ping(url, {})).rejects.toMatchObject({ stderr: expect.stringContaining('self-signed certificate') });
  }
});
