import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The same two levels up from src and from dist. */
export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The folder that `demo` and `start` share. */
export const dataFolder = join(repositoryRoot, '.linkhaul');

export type AppName = 'api' | 'worker' | 'backlinks' | 'cli';

/** A process as `pnpm build` leaves it. */
export function builtApp(name: AppName): string {
  return join(repositoryRoot, 'apps', name, 'dist', 'main.js');
}

export function examplePath(name: string): string {
  return join(repositoryRoot, 'examples', name);
}
