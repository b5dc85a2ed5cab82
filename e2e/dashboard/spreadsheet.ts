import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { OpenPage } from './open-page.js';

/** As a spreadsheet saves "Unicode text": UTF-16 with a byte order mark, tabs, quotes and a header in words. */
const EXPORT = Buffer.from(
  `\uFEFF"Nr."\t"Landing page"\t"Owner"\r\n${[
    '1\thttps://site-1.com/a\tAnna',
    '2\tsite-2.com\tBert',
    '3\tnot a domain\tCaro',
    '4\tsite-2.com\tDora',
  ].join('\r\n')}\r\n`,
  'utf16le',
);

export function spreadsheet({ world, tabAt }: OpenPage): void {
  describe('somebody with a spreadsheet', () => {
    const choose = async (page: Page, name: string, buffer: Buffer) => {
      await page.getByLabel('A file with targets').setInputFiles({ name, mimeType: '', buffer });
    };

    it('sends an export, watches the job end, and takes a CSV away that holds what the service says', async () => {
      const { page, errors, foreignHosts } = await tabAt('/');
      await page.getByRole('link', { name: 'New job' }).click();
      await choose(page, 'export.txt', EXPORT);
      await page.getByRole('radio', { name: /^Page summaries Rank/ }).check();
      await page.getByLabel('Tag').fill('from a sheet');
      await page.getByRole('button', { name: 'Start the job with 3 rows' }).click();
      await page.waitForURL('**/jobs/job_*');
      await page.getByText('Completed').first().waitFor();
      const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
      const job = await world().client.waitFor(id);
      expect(job).toMatchObject({
        endpoint: 'bulk_pages_summary',
        tag: 'from a sheet',
        rows: { total: 4, invalid: 1 },
        duplicates: 1,
      });
      await page.getByRole('button', { name: 'Download' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: /^Download CSV for/ }).click(),
      ]);
      const saved = await readFile(await download.path(), 'utf8');
      const answer = await fetch(`${world().apiUrl}/v1/jobs/${id}/results?format=csv&spreadsheet=1`);
      expect(saved).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer()));
      expect(saved.split('\r\n').length + saved.split('\n').length).toBeGreaterThan(5);
      expect([errors, [...foreignHosts]]).toEqual([[], []]);
    });

    it('is told at the field what the service would refuse, and asked before the list is left', async () => {
      const { page } = await tabAt('/new');
      await choose(page, 'list.txt', Buffer.from('site-1.com\nsite-2.com\n'));
      await page.getByLabel('Budget in US dollars').fill('0.00001');
      const refusal = await fetch(`${world().apiUrl}/v1/estimates?endpoint=bulk_pages_summary&max_cost_usd=0.00001`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: 'site-1.com\nsite-2.com\n',
      });
      const { errors } = (await refusal.json()) as { errors: { message: string }[] };
      await page
        .getByRole('alert')
        .filter({ hasText: errors[0]?.message ?? 'no message' })
        .first()
        .waitFor();
      const asked = new Promise<string>((resolve) => {
        page.once('dialog', (dialog) => resolve(dialog.type()));
      });
      await page.getByRole('link', { name: 'Jobs' }).click({ noWaitAfter: true });
      const inPage = page
        .getByRole('dialog')
        .waitFor()
        .then(() => 'a window of the page');
      expect(['beforeunload', 'confirm', 'a window of the page']).toContain(await Promise.race([asked, inPage]));
      expect(new URL(page.url()).pathname).toBe('/new');
    });

    it('gives a job that has run out of money more, and it goes on', async () => {
      const lines = Array.from({ length: 40 }, (_, index) => `site-${index + 1}.com`);
      const fields = { endpoint: 'referring_domains', max_items_per_target: 5, max_cost_usd: 0.1 } as const;
      const { id } = await world().client.submit(fields, lines);
      const paused = await world().client.waitFor(id, { untilPaused: true, roundMs: 500 });
      expect(paused.reason).toBe('budget');
      const { page } = await tabAt(`/jobs/${id}`);
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.getByRole('textbox', { name: /New budget/ }).fill('5');
      await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
      await page.getByText('Completed').first().waitFor();
      const job = await world().client.job(id);
      expect([job.max_cost_usd, job.rows.pending]).toEqual([5, 0]);
    });
  });
}
