import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OUTAGE_REASONS, ROW_ERROR_CODES, WAIT_REASONS } from '@linkhaul/schemas';
import { allCodes } from '@linkhaul/schemas/vendor';
import { expect, it } from 'vitest';
import { HTTP_STATUSES } from '../src/classify/http-statuses.js';
import { type CodeAction, STATUS_CODES } from '../src/classify/status-codes.js';
import { statusCodesPage } from '../src/classify/status-codes-page.js';

const PAGE = fileURLToPath(new URL('../../../docs/status-codes.md', import.meta.url));
const OPERATIONS = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

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

/** The codes, or HTTP statuses, of a table that pause the account's jobs for a reason. */
function pausing(table: Readonly<Record<number, { readonly does: CodeAction }>>, reason: string): string[] {
  return Object.entries(table).flatMap(([code, { does }]) =>
    does.action === 'pause' && does.reason === reason ? [code] : [],
  );
}

it('every code of the table has its message, and every message its row', () => {
  const codes = allCodes().map(({ code }) => String(code));
  expect(Object.keys(STATUS_CODES).sort()).toEqual(codes.sort());
});

it('docs/operations.md names every reason for which the account waits', () => {
  const [, reasons = ''] = /^\| `linkhaul_account_paused` \|.*: (.*?) \(calls wait\)/m.exec(OPERATIONS) ?? [];
  expect(reasons.match(/(?<=`)\w+(?=`)/g)).toEqual([...WAIT_REASONS]);
});

it.each(OUTAGE_REASONS)('docs/operations.md says at which codes jobs pause for %s', (reason) => {
  const [, codes = ''] = new RegExp(`^\\| \`${reason}\` \\| (.*?) \\|`, 'm').exec(OPERATIONS) ?? [];
  expect(codes.match(/\b\d{5}\b/g) ?? []).toEqual(pausing(STATUS_CODES, reason));
  expect(codes.match(/(?<=HTTP )\d{3}\b/g) ?? []).toEqual(pausing(HTTP_STATUSES, reason));
});
