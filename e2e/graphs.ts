import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the link graphs that all worlds of a run read. */
    graphs: string;
  }
}

/** Makes the folder for the link graphs of one run, and removes it at the end. */
export default async function shareGraphs(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-graphs-'));
  project.provide('graphs', folder);
  return () => rm(folder, { recursive: true, force: true });
}
