import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Works from src and from dist, which are at the same depth. */
export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The data folder of `demo` and `start`. */
export const dataFolder = join(repositoryRoot, '.linkhaul');

export type AppName = 'api' | 'worker' | 'backlinks' | 'cli';

/** The file that starts an app, as `pnpm build` writes it. */
export function builtApp(name: AppName): string {
  return join(repositoryRoot, 'apps', name, 'dist', 'main.js');
}

export function examplePath(name: string): string {
  return join(repositoryRoot, 'examples', name);
}
