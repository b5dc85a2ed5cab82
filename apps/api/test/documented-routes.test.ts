import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ROUTES } from '../src/routes/index.js';

const folder = new URL('../../../docs/', import.meta.url);
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
const docs = pages.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');

/** `/` only leads to the page. */
const routes = ROUTES.flatMap((group) => group.routes).filter(({ path }) => path !== '/');

it.each(routes)('$id is in the docs as method and path', ({ method, path }) => {
  expect(new RegExp(`\`${method.toUpperCase()} ${path}[\`?]`).test(docs)).toBe(true);
});
