import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@linkhaul/stack';
import { environment } from './env.js';

const run = promisify(execFile);

const CLIENT = join(repositoryRoot, 'packages', 'client');

interface Block {
  readonly language: string;
  readonly code: string;
}

/** The code blocks of the client's README, in order. */
export async function readmeBlocks(): Promise<Block[]> {
  const readme = await readFile(join(CLIENT, 'README.md'), 'utf8');
  return [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({ language, code }));
}

/** Packs the client and its dependencies by a command from the README. Resolves with the tarballs. */
export async function packClient(command: string, dir: string): Promise<string[]> {
  // The README's command writes to the reader's folder; the packages are in this repository.
  const inDir = command.replace('$PWD', dir);
  await run('sh', ['-c', inDir], { cwd: repositoryRoot, env: { ...environment, npm_config_prefer_offline: 'true' } });
  const packed = join(dir, 'packed');
  return (await readdir(packed)).map((name) => join(packed, name));
}

/** Makes a project with the packed client, installed as npm would, and with its dependencies from this repository's store. */
export async function installPacked(tarballs: readonly string[], dir: string): Promise<void> {
  const scope = join(dir, 'node_modules', '@linkhaul');
  for (const tarball of tarballs) {
    const name = /linkhaul-(client|schemas)-/.exec(basename(tarball))?.[1] ?? '';
    await mkdir(join(scope, name), { recursive: true });
    await run('tar', ['-xzf', tarball, '-C', join(scope, name), '--strip-components=1']);
  }
  await mkdir(join(dir, 'node_modules', '@streamparser'));
  const links = [
    ['client', 'zod'],
    ['client', 'undici'],
    ['client', join('@streamparser', 'json')],
    ['schemas', 'tldts'],
  ] as const;
  for (const [owner, name] of links) {
    await symlink(join(repositoryRoot, 'packages', owner, 'node_modules', name), join(dir, 'node_modules', name));
  }
  await mkdir(join(dir, 'node_modules', '@types'));
  await symlink(join(repositoryRoot, 'node_modules', '@types', 'node'), join(dir, 'node_modules', '@types', 'node'));
  await writeFile(join(dir, 'package.json'), JSON.stringify({ type: 'module', private: true }));
}

/** The compiler's errors in some programs, checked as strictly as a user of the packages might. */
export async function typeErrors(files: readonly string[], dir: string): Promise<string[]> {
  const flags = [
    '--noEmit',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--noUncheckedIndexedAccess',
    '--skipLibCheck',
  ];
  const target = ['--target', 'es2023', '--module', 'nodenext', '--types', 'node'];
  const tsc = join(repositoryRoot, 'node_modules', '.bin', 'tsc');
  const said = await run(tsc, [...flags, ...target, ...files], { cwd: dir }).catch((error: { stdout?: string }) => ({
    stdout: error.stdout ?? String(error),
  }));
  // Further lines about an error are indented.
  return said.stdout.split(/\n(?! )/).filter((text) => text !== '');
}
