import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, redisBinary, repositoryRoot } from '@linkhaul/stack';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { environment } from './env.js';

const run = promisify(execFile);
const textOf = (path: string) => readFile(join(repositoryRoot, path), 'utf8');

const compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string().optional(),
      build: z.object({ dockerfile: z.string() }).optional(),
      user: z.string(),
      read_only: z.literal(true),
      tmpfs: z.array(z.string()),
      cap_drop: z.tuple([z.literal('ALL')]),
      security_opt: z.tuple([z.literal('no-new-privileges:true')]),
      ports: z.array(z.string()).default([]),
      healthcheck: z.unknown().optional(),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
      environment: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

const readCompose = async () => compose.parse(parse(await textOf('docker-compose.yml'), { merge: true })).services;

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-containers-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('docker-compose.yml', () => {
  it('gives no service more than it needs', async () => {
    const services = await readCompose();
    expect(Object.keys(services).toSorted()).toEqual(['api', 'backlinks', 'keys', 'redis', 'worker']);
    for (const { user } of Object.values(services)) expect(user).toMatch(/^(node|999:1000)$/);
  });

  it('takes images of an exact version', async () => {
    const dockerfiles = (await readdir(join(repositoryRoot, 'deploy/images'))).filter((name) =>
      name.endsWith('.Dockerfile'),
    );
    const files = await Promise.all(dockerfiles.map((name) => textOf(`deploy/images/${name}`)));
    for (const file of files) expect(file).toMatch(/^USER node$/m);
    const from = files.flatMap((file) => [...file.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image));
    const images = Object.values(await readCompose()).flatMap(({ image }) => image ?? []);
    expect([...from, ...images].length).toBe(7);
    for (const image of [...from, ...images])
      expect(image).toMatch(/^[a-z]+:\d+\.\d+\.\d+-[\w.-]+(@sha256:[0-9a-f]{64})?$/);
  });

  it('shows the API alone, and to this machine alone', async () => {
    const ports = Object.entries(await readCompose()).flatMap(([name, service]) =>
      service.ports.map((port) => [name, port]),
    );
    expect(ports).toEqual([
      ['api', expect.stringMatching(/^\$\{PUBLISH_ADDRESS:-127\.0\.0\.1\}:\$\{PORT:-8080\}:8080$/)],
    ]);
  });

  it('starts each service when what it needs serves', async () => {
    const services = await readCompose();
    const needs = Object.entries(services).map(([name, { depends_on }]) => [name, Object.keys(depends_on).toSorted()]);
    expect(Object.fromEntries(needs)).toEqual({
      keys: [],
      redis: ['keys'],
      backlinks: [],
      api: ['keys', 'redis'],
      worker: ['backlinks', 'keys', 'redis'],
    });
    for (const { depends_on } of Object.values(services)) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        const file = services[name]?.build?.dockerfile;
        const ends = name === 'keys';
        expect(condition).toBe(ends ? 'service_completed_successfully' : 'service_healthy');
        const isChecked = services[name]?.healthcheck ?? (file && (await textOf(file)).includes('HEALTHCHECK'));
        expect(ends || Boolean(isChecked)).toBe(true);
      }
    }
  });

  it('knows every setting that it passes on from .env.example, which names no other than there are', async () => {
    const example = await textOf('.env.example');
    const promised = new Set([...example.matchAll(/^# ([A-Z][A-Z0-9_]+)=/gm)].map(([, name = '']) => name));
    const composed = new Set(
      [...(await textOf('docker-compose.yml')).matchAll(/\$\{([A-Z_]+)/g)].map(([, name = '']) => name),
    );
    expect([...composed].filter((name) => !promised.has(name))).toEqual([]);
    const readers = ['apps/api', 'apps/worker', 'apps/backlinks'].map((app) => `${app}/src/env.ts`);
    const others = [
      'packages/jobs/src/settings.ts',
      'packages/runtime/src/http/settings.ts',
      'packages/runtime/src/tracing/settings.ts',
      'stack/src/programs.ts',
    ];
    const sources = (await Promise.all([...readers, ...others].map(textOf))).join('\n');
    const known = (name: string) => new RegExp(`\\b${name}\\b`).test(sources) || name === 'PUBLISH_ADDRESS';
    expect([...promised].filter((name) => !known(name))).toEqual([]);
  });
});

describe('make-keys.sh', () => {
  it('makes keys and a password once, for their services only', async () => {
    const folder = await newFolder();
    const make = async (env: Record<string, string> = {}) => {
      const { stdout } = await run('sh', [join(repositoryRoot, 'deploy/compose/make-keys.sh')], {
        env: { PATH: environment.PATH, KEYS_DIR: folder, SECRETS_DIR: folder, ...env },
      });
      const [keys, password, url] = await Promise.all(
        ['api-keys', 'redis-password', 'redis-url'].map((name) => readFile(join(folder, name), 'utf8')),
      );
      return { stdout, keys: keys?.trim(), password: password?.trim(), url: url?.trim() };
    };
    const first = await make();
    expect(first.keys).toMatch(/^local:[\w-]{32}$/);
    expect(first.stdout).toContain(first.keys?.replace('local:', ''));
    expect(first.url).toBe(`redis://:${first.password}@redis:6379`);
    expect(first.stdout).not.toContain(first.password);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o640);
    const again = await make();
    expect({ ...again, stdout: '' }).toEqual({ ...first, stdout: '' });
    expect(again.stdout).not.toContain(first.keys?.replace('local:', ''));
    const own = await make({ LINKHAUL_API_KEYS: 'a:one-of-mine', REDIS_URL: 'rediss://elsewhere:6379' });
    expect([own.keys, own.url, own.password]).toEqual(['a:one-of-mine', 'rediss://elsewhere:6379', first.password]);
  });
});

describe('redis.sh', () => {
  it('starts a Redis that asks for the password and evicts nothing', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'redis-password'), 'a-secret-0\n');
    const binary = await redisBinary({ env: environment, mayInstall: false, say: () => undefined });
    const [script, port] = [join(repositoryRoot, 'deploy/compose/redis.sh'), await freePort()];
    const bin = await newFolder();
    await writeFile(join(bin, 'redis-server'), `#!/bin/sh\nexec ${binary} "$@"\n`, { mode: 0o755 });
    const child = spawn('sh', [script, '--port', String(port), '--bind', '127.0.0.1', '--dir', folder], {
      env: { PATH: [bin, environment.PATH].join(delimiter), SECRETS_DIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    onTestFinished(async () => {
      child.kill();
      await exited;
    });
    let said = '';
    for await (const chunk of child.stdout) {
      said += chunk;
      if (said.includes('Ready to accept connections')) break;
    }
    const told = async (...commands: string[]) => {
      const socket = connect(port, '127.0.0.1').setEncoding('utf8');
      socket.end(`${[...commands, 'QUIT'].join('\r\n')}\r\n`);
      return (await socket.toArray()).join('');
    };
    expect(await told('PING')).toContain('-NOAUTH');
    const answer = await told('AUTH a-secret-0', 'CONFIG GET maxmemory-policy', 'CONFIG GET appendonly');
    for (const word of ['+OK', 'noeviction', 'yes']) expect(answer).toContain(word);
  });
});

describe('pin-images.sh', () => {
  it('adds the digest to every image, and renews it', async () => {
    const folder = await newFolder();
    for (const name of ['docker-compose.yml', 'deploy']) {
      await cp(join(repositoryRoot, name), join(folder, name), { recursive: true });
    }
    const docker = join(folder, 'docker');
    const pin = async (digit: string) => {
      await writeFile(docker, `#!/bin/sh\necho sha256:${digit.repeat(64)}\n`);
      await chmod(docker, 0o755);
      await run('sh', [join(folder, 'deploy/images/pin-images.sh')], {
        env: { PATH: [dirname(docker), environment.PATH].join(delimiter) },
      });
      const names = [
        'docker-compose.yml',
        ...['api', 'worker', 'backlinks'].map((app) => `deploy/images/${app}.Dockerfile`),
      ];
      const files = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
      return files.join('').match(/^(?:FROM| +image:) \S+.*$/gm) ?? [];
    };
    for (const digit of ['a', 'b']) {
      const images = await pin(digit);
      expect(images).toHaveLength(7);
      for (const image of images) expect(image).toMatch(new RegExp(`:\\d[\\w.-]+@sha256:${digit}{64}( AS build)?$`));
    }
  });
});
