import { readFile } from 'node:fs/promises';
import { resolve } from './page/address.js';
import { makeParts } from './part-makers.js';
import { createProgress, duration, type Screen } from './progress.js';
import type { ImportOptions } from './source.js';
import { findSources } from './sources/find-sources.js';
import { type MadePart, summarise } from './summary.js';
import { verticesOf } from './webgraph/recognise.js';

export interface ImportCommand {
  readonly sources: readonly string[];
  /** The file of the graph. */
  readonly into: string;
  /** The folder of the parts. */
  readonly parts: string;
  readonly internal: boolean;
  /** The file of the domains that the import is limited to, or null. */
  readonly only: string | null;
}

interface Surroundings {
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

/** Makes the parts of all sources. Answers whether every one of them could be read. */
export async function importSources(command: ImportCommand, { screen, signal }: Surroundings): Promise<boolean> {
  const options = await optionsOf(command);
  if (typeof options === 'string') {
    screen.write(`${options}\n`);
    return false;
  }
  const { files: found, refused } = await findSources(command.sources);
  // The vertices of a web graph are read with its edges.
  const vertices = new Set(found.map(({ path }) => verticesOf(path)));
  const files = found.filter(({ path }) => !vertices.has(path));
  for (const sentence of refused) screen.write(`${sentence}\n`);
  const started = performance.now();
  const progress = createProgress(files, screen);
  const made: MadePart[] = [];
  const sizes = new Map(files.map(({ path, size }) => [path, size]));
  try {
    await makeParts(files, {
      folder: command.parts,
      options,
      signal,
      onStep: progress.step,
      onMade: (path, part) => {
        progress.done(path, sizes.get(path) ?? 0);
        made.push({ path, made: part });
      },
    });
  } finally {
    progress.end();
  }
  if (signal.aborted) return false;
  for (const line of summarise(made)) screen.write(`${line}\n`);
  screen.write(`The parts are in ${command.parts}; reading took ${duration((performance.now() - started) / 1000)}.\n`);
  return refused.length === 0 && made.length > 0 && made.every(({ made: part }) => part.ok);
}

async function optionsOf({ internal, only }: ImportCommand): Promise<ImportOptions | string> {
  if (only === null) return { internal, only: null };
  const text = await readFile(only, 'utf8').catch(() => null);
  if (text === null) return `${only} cannot be read.`;
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const domains: string[] = [];
  for (const line of lines.filter((row) => row !== '' && !row.startsWith('#'))) {
    const address = resolve(/^https?:\/\//i.test(line) ? line : `http://${line}`, undefined);
    if ('reason' in address) return `${only}: ${line.slice(0, 100)} is no domain.`;
    domains.push(address.domain);
  }
  return domains.length === 0 ? `${only} names no domain.` : { internal, only: [...new Set(domains)] };
}
