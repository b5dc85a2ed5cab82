import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig } from 'rolldown';

/**
 * How `pnpm build` makes an app, from the app's folder: its own code, the workspace's and the dependencies' in a few
 * files. A process that loads 800 modules takes three times as long to start.
 */
export default defineConfig({
  input: ['src/main.ts', ...otherStarts()],
  platform: 'node',
  // DuckDB's native part finds its library beside itself. Its other part, in many small files, takes half of a start unbundled.
  external: /^@duckdb\/node-bindings/,
  resolve: { conditionNames: ['source', 'import', 'node', 'default'] },
  output: {
    dir: 'dist',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
  },
  plugins: [copyLua(), copyPage()],
});

/** What else is started is a file of its own: any `<name>-main.ts`, `<name>-process.ts` or `<name>-thread.ts` in `src`. */
function otherStarts() {
  return readdirSync('src', { recursive: true })
    .filter((path) => /-(?:main|process|thread)\.ts$/.test(path))
    .map((path) => join('src', path));
}

/** packages/jobs reads its Lua scripts from the folders beside its code, and the app's files are that code here. */
function copyLua() {
  return {
    name: 'copy-lua',
    writeBundle({ dir }, files) {
      const modules = Object.values(files).flatMap((file) => ('moduleIds' in file ? file.moduleIds : []));
      const scripts = modules.find((id) => id.endsWith('/packages/jobs/src/scripts.ts'));
      if (scripts !== undefined) cpSync(dirname(scripts), dir, { recursive: true, filter: isLua });
    },
  };
}

/** The API serves the dashboard from its own folder, so that an image needs no other. */
function copyPage() {
  return {
    name: 'copy-page',
    writeBundle({ dir }, files) {
      const modules = Object.values(files).flatMap((file) => ('moduleIds' in file ? file.moduleIds : []));
      if (!modules.some((id) => id.endsWith('/apps/api/src/page/page-files.ts'))) return;
      // Names of files hold a hash: those of an earlier build would stay.
      rmSync(join(dir, 'page'), { recursive: true, force: true });
      cpSync(join(import.meta.dirname, 'apps/dashboard/dist'), join(dir, 'page'), { recursive: true });
    },
  };
}

function isLua(path) {
  return statSync(path).isDirectory() || path.endsWith('.lua');
}
