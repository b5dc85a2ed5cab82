import { readFileSync } from 'node:fs';
import { ROW_ERROR_CODES } from '@linkhaul/schemas';
import { expect, it } from 'vitest';
import { CODES } from '../src/classify/codes.js';
import { statusCodesPage } from '../src/classify/status-codes.js';

const HOW = 'write it anew: pnpm build, then node apps/worker/scripts/write-status-codes.js';

it('docs/status-codes.md is what the tables give', () => {
  const page = readFileSync(new URL('../../../docs/status-codes.md', import.meta.url), 'utf8');
  expect(page, HOW).toBe(statusCodesPage());
});

it('has a line for every code of a row', () => {
  for (const [code, meaning] of Object.entries(ROW_ERROR_CODES)) {
    expect(statusCodesPage()).toContain(`\n| \`${code}\` | `);
    expect(statusCodesPage()).toContain(` | ${meaning} | `);
  }
});

it('has a line for every code, each in words of its own', () => {
  const meanings = Object.values(CODES).map(({ meaning }) => meaning);
  expect(new Set(meanings).size).toBe(meanings.length);
  for (const [code, { meaning }] of Object.entries(CODES)) {
    expect(statusCodesPage()).toMatch(
      new RegExp(`^\\| ${code} \\| .* \\| ${meaning.replace(/[.()]/g, '\\$&')} \\|`, 'm'),
    );
  }
});
