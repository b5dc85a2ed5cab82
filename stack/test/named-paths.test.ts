import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryRoot } from '../src/repository.js';

const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.turbo', '.linkhaul']);

/** Every file and folder of the repository, named from its root. */
function everyPath(folder = repositoryRoot): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return [relative(repositoryRoot, path), ...(entry.isDirectory() ? everyPath(path) : [])];
  });
}

const paths = everyPath();
const pages = paths.filter((path) => /^(README|ARCHITECTURE|CONTRIBUTING)\.md$|^docs\/.+\.md$/.test(path));

/** `a/{b,c}.ts` names `a/b.ts` and `a/c.ts`. */
function expand(path: string): string[] {
  const [, before = '', names, after = ''] = /^(.*?)\{([^{}]+)\}(.*)$/.exec(path) ?? [];
  if (names === undefined) return [path];
  return names.split(',').flatMap((name) => expand(`${before}${name}${after}`));
}

/** Paths from the root, and sources by the end of their path: `permit/grant.lua`, `main.ts`. */
function pathsInBackticks(page: string): string[] {
  const words = [...page.matchAll(/`([^`\s]+)`/g)].map(([, word = '']) => word);
  const fromRoot = words.filter((word) => /^(apps|packages|stack|e2e|bench|docs|deploy|examples)\//.test(word));
  const sources = words.filter((word) => /^[\w{},/*-]+\.(ts|lua)$/.test(word));
  return [...new Set([...fromRoot, ...sources])].flatMap(expand);
}

function isThere(path: string): boolean {
  const name = path.replace(/\/$/, '');
  const pattern = name.replaceAll('.', '\\.').replaceAll('*', '[^/]*');
  return paths.some((known) => new RegExp(`(^|/)${pattern}$`).test(known));
}

function linkedFiles(page: string): string[] {
  const targets = [...page.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

it.each(pages)('%s names and links only files that exist', (name) => {
  const page = readFileSync(join(repositoryRoot, name), 'utf8');
  const linked = linkedFiles(page).filter((target) => !paths.includes(join(dirname(name), target)));
  expect([...pathsInBackticks(page).filter((path) => !isThere(path)), ...linked]).toEqual([]);
});
