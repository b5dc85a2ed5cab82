import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@linkhaul/stack';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const run = promisify(execFile);
const textOf = (path: string) => readFile(join(repositoryRoot, path), 'utf8');
const named = z.object({ name: z.string() });

const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });

const container = z.object({
  image: z.string(),
  envFrom: z.array(z.object({ configMapRef: named.optional(), secretRef: named.optional() })),
  ports: z.tuple([z.object({ name: z.string(), containerPort: z.int() })]),
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  resources: z.object({
    requests: z.object({ cpu: z.string(), memory: z.string() }),
    limits: z.object({ memory: z.string() }),
  }),
  securityContext: z.object({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  volumeMounts: z.array(z.object({ mountPath: z.string() })),
});

const deployment = z.object({
  kind: z.literal('Deployment'),
  spec: z.object({
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        automountServiceAccountToken: z.literal(false),
        securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.literal(1000) }),
        terminationGracePeriodSeconds: z.int(),
        containers: z.tuple([container]),
      }),
    }),
  }),
});

const budget = z.object({
  kind: z.literal('PodDisruptionBudget'),
  spec: z.object({ selector: z.object({ matchLabels: z.record(z.string(), z.string()) }) }),
});

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

async function manifestsOf(app: string): Promise<Manifest[]> {
  const documents = parseAllDocuments(await textOf(`deploy/kubernetes/${app}.yaml`), { merge: true });
  return documents.map((document) => document.toJS());
}

async function readDeployment(app: string) {
  return deployment.parse((await manifestsOf(app)).find(({ kind }) => kind === 'Deployment')).spec;
}

/** The settings of a file of `NAME=value` lines. */
async function settingsOf(path: string): Promise<Map<string, string>> {
  return new Map(
    [...(await textOf(path)).matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

const generator = z.array(z.object({ name: z.string(), envs: z.tuple([z.string()]) }));
const kustomization = z.object({
  resources: z.array(z.string()),
  images: z.array(named),
  configMapGenerator: generator,
  secretGenerator: generator,
});

const readKustomization = async () => kustomization.parse(parse(await textOf('deploy/kubernetes/kustomization.yaml')));

/** Compiles the manifests against Kubernetes' own types: an unknown field, or one of another type, is an error. */
async function compile(manifests: readonly Manifest[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-kubernetes-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await symlink(join(repositoryRoot, 'e2e/node_modules'), join(folder, 'node_modules'));
  const lines = manifests.map((manifest, at) => {
    const group = manifest.apiVersion === 'v1' ? 'core/v1' : manifest.apiVersion;
    const kind = `kind${at}`;
    return `import type { ${manifest.kind} as ${kind} } from 'kubernetes-types/${group}';\nexport const _${at}: ${kind} = ${JSON.stringify(manifest)};\n`;
  });
  await writeFile(join(folder, 'manifests.ts'), lines.join(''));
  const tsc = join(repositoryRoot, 'node_modules/.bin/tsc');
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler'];
  await run(tsc, [...options, '--types', '', 'manifests.ts'], { cwd: folder });
}

describe.each([
  { app: 'api', port: 8080 },
  { app: 'worker', port: 9090 },
])('$app of deploy/kubernetes', ({ app, port }) => {
  it('has the fields that Kubernetes knows', async () => {
    await compile(await manifestsOf(app));
  });

  it('asks for the health where the process answers it', async () => {
    const [{ ports, startupProbe, livenessProbe, readinessProbe }] = (await readDeployment(app)).template.spec
      .containers;
    expect(ports[0].containerPort).toBe(port);
    expect(await textOf(`deploy/images/${app}.Dockerfile`)).toContain(`PORT=${port}`);
    const asked = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet);
    expect(asked.map(({ path }) => path)).toEqual(['/healthz', '/healthz', '/readyz']);
    for (const { port: name } of asked) expect(name).toBe(ports[0].name);
  });

  it('selects its own pods, and lets one of them go at a time', async () => {
    const { selector, template } = await readDeployment(app);
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    expect(template.metadata.labels['app.kubernetes.io/part-of']).toBe('linkhaul');
    const held = budget.parse((await manifestsOf(app)).find(({ kind }) => kind === 'PodDisruptionBudget'));
    expect(held.spec.selector).toEqual(selector);
  });

  it('gets its settings from files that are there, and no secrets of another app', async () => {
    const { configMapGenerator, secretGenerator, images, resources } = await readKustomization();
    const [{ envFrom, image }] = (await readDeployment(app)).template.spec.containers;
    expect(images.map(({ name }) => name)).toContain(image);
    expect(resources).toContain(`${app}.yaml`);
    const given = envFrom.map(({ configMapRef, secretRef }) => configMapRef?.name ?? secretRef?.name);
    expect(given).toEqual(['linkhaul-settings', 'linkhaul-shared', `linkhaul-${app}`]);
    const made = [...configMapGenerator, ...secretGenerator].map(({ name }) => name);
    expect(made).toEqual(expect.arrayContaining(given));
  });
});

describe('deploy/kubernetes', () => {
  it('names settings that there are, and no credentials', async () => {
    const promised = new Set([...(await textOf('.env.example')).matchAll(/^# (\w+)=/gm)].map(([, name]) => name));
    const { configMapGenerator, secretGenerator } = await readKustomization();
    for (const { envs } of configMapGenerator) {
      const settings = await settingsOf(`deploy/kubernetes/${envs[0]}`);
      expect([...settings.keys()].filter((name) => !promised.has(name))).toEqual([]);
    }
    for (const { envs } of secretGenerator) {
      const secrets = await settingsOf(`deploy/kubernetes/${envs[0]}.example`);
      expect(secrets.size).toBeGreaterThan(0);
      expect([...secrets.keys()].filter((name) => !promised.has(name))).toEqual([]);
      expect([...secrets.values()].join('')).toBe('');
    }
  });

  it('gives a worker longer than it waits for its calls', async () => {
    const drain = Number((await settingsOf('deploy/kubernetes/settings.env')).get('DRAIN_TIMEOUT_MS'));
    const { terminationGracePeriodSeconds } = (await readDeployment('worker')).template.spec;
    expect(terminationGracePeriodSeconds * 1000).toBeGreaterThanOrEqual(drain + 10_000);
    expect(drain).toBe(Number(/^# DRAIN_TIMEOUT_MS=(\d+)$/m.exec(await textOf('.env.example'))?.[1]));
  });
});
