import { fileURLToPath } from 'node:url';
import { ROW_ERROR_CODES } from '@linkhaul/schemas';
import { expect, it } from 'vitest';
import { STATUS_CODES } from '../src/classify/status-codes.js';
import { statusCodesPage } from '../src/classify/status-codes-page.js';

const PAGE = fileURLToPath(new URL('../../../docs/status-codes.md', import.meta.url));

it('docs/status-codes.md is written from the tables (`vitest run --update` writes the page)', async () => {
  await expect(statusCodesPage()).toMatchFileSnapshot(PAGE);
});

it('has a line for every code of a row', () => {
  for (const [code, meaning] of Object.entries(ROW_ERROR_CODES)) {
    expect(statusCodesPage()).toContain(`\n| \`${code}\` | `);
    expect(statusCodesPage()).toContain(` | ${meaning} | `);
  }
});

it('has a line for every code, each with a meaning of its own', () => {
  const meanings = Object.values(STATUS_CODES).map(({ meaning }) => meaning);
  expect(new Set(meanings).size).toBe(meanings.length);
  for (const [code, { meaning }] of Object.entries(STATUS_CODES)) {
    expect(statusCodesPage()).toMatch(
      new RegExp(`^\\| ${code} \\| .* \\| ${meaning.replace(/[.()]/g, '\\$&')} \\|`, 'm'),
    );
  }
});
