import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@hey-api/openapi-ts';
import openapiTypescript, { astToString } from 'openapi-typescript';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Like the configuration of a project that uses the generated clients. */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'dom', 'dom.iterable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    outDir: 'dist',
  },
  include: ['*.mts', '*.ts', 'hey/**/*.ts'],
};

/** Makes a project in a folder: the unchanged clients of both generators, and the programs that use them. */
export async function generateClients(document: string, dir: string): Promise<void> {
  await mkdir(join(dir, 'node_modules', '@types'), { recursive: true });
  await writeFile(join(dir, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  await writeFile(join(dir, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  const input = join(dir, 'openapi.json');
  await writeFile(input, document);
  await writeFile(join(dir, 'openapi.ts'), astToString(await openapiTypescript(document)));
  await createClient({ input, output: join(dir, 'hey'), logs: { level: 'silent' } });
  await cp(join(here, 'programs'), dir, { recursive: true });
  for (const [name, from] of [
    ['openapi-fetch', here],
    [join('@types', 'node'), join(here, '..', '..')],
  ] as const) {
    await symlink(join(from, 'node_modules', name), join(dir, 'node_modules', name));
  }
}
