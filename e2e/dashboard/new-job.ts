import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { collect, domains } from '../harness.js';
import type { OpenPage } from './open-page.js';

export function newJobPage({ world, tabAt }: OpenPage): void {
  describe('the page of a new job', () => {
    const open = () => tabAt('/new');
    const paste = (page: Page, text: string) => page.getByLabel('Targets, one per line').fill(text);
    const jobsOf = async (tag: string) => (await world().client.jobs({ tag })).jobs;

    it("takes a spreadsheet's export to a job of the column that was clicked", async () => {
      const rows = domains(3).map((domain, at) => `row ${at}\thttps://example.com/${at}\t${domain}`);
      const sheet = ['Name\tFound on\tSite', ...rows, 'row 3\thttps://example.com/3\tnot a domain'].join('\r\n');
      const { page, errors, foreignHosts } = await open();
      await page.getByLabel('A file with targets').setInputFiles({
        ...{ name: 'export.csv', mimeType: 'text/csv', buffer: Buffer.from(`\uFEFF${sheet}`, 'utf16le') },
      });
      await page.getByText('Detected: utf-16le').waitFor({ state: 'attached' });
      await page.getByRole('button', { name: 'Site', exact: true }).click();
      await page.getByRole('columnheader', { name: 'Name' }).getByText('Use as ids').click();
      // The service says which row it leaves out, and why.
      await page.getByText('A target must not contain spaces or control characters.').waitFor();
      await page.getByLabel('Tag').fill('export');
      await page.getByRole('button', { name: 'Start the job with 3 rows' }).click();
      await page.waitForURL('**/jobs/job_*');
      const [job] = await jobsOf('export');
      expect(job?.rows).toMatchObject({ total: 4, invalid: 1 });
      const sent = await collect(world().client.rows(job?.id ?? ''));
      expect(sent.slice(0, 3).map(({ id, target }) => [id, target])).toEqual(
        domains(3).map((domain, at) => [`row ${at}`, domain]),
      );
      expect([errors, [...foreignHosts]]).toEqual([[], []]);
    });

    it('reads lines as a table where the service says that they look like columns, unless told otherwise', async () => {
      const { page } = await open();
      await paste(page, 'example.com;1;x\nexample.org;2;y\nexample.net;3;z\n');
      await page.getByText('so they are read as a table').waitFor();
      await page.getByText('Start the job with 3 rows').waitFor();
      await page.getByRole('button', { name: 'Each line is one target' }).click();
      await page.getByText('Invalid, left out').waitFor();
    });

    it('reads a JSON array, pasted or from a file, as a row an element', async () => {
      const { page } = await open();
      await paste(page, JSON.stringify(domains(4), null, 2));
      await page.getByText('Start the job with 4 rows').waitFor();
      const targets = domains(5).map((target, at) => ({ target, id: `row ${at}` }));
      const buffer = Buffer.from(JSON.stringify({ targets }));
      await page.getByLabel('A file with targets').setInputFiles({ name: 'list.json', mimeType: '', buffer });
      await page.getByText('Start the job with 5 rows').waitFor();
    });

    it('sends the filter and the order that were built, and shows what is wrong at its field', async () => {
      const { page } = await open();
      await paste(page, domains(2).join('\n'));
      await page.getByRole('radio', { name: /^Referring domains/ }).check();
      await page.getByRole('button', { name: 'Add a condition' }).first().click();
      await page.getByLabel('Field of condition 1', { exact: true }).selectOption('backlinks');
      await page.getByLabel('Value of condition 1').fill('1');
      await page.getByRole('button', { name: 'Add an order' }).click();
      await page.getByLabel('Field 1 of the order', { exact: true }).selectOption('rank');
      await page.getByLabel('Entries of each map').fill('5000');
      await expect.poll(() => page.getByLabel('Entries of each map').getAttribute('aria-invalid')).toBe('true');
      await page.getByLabel('Entries of each map').fill('5');
      await page.getByLabel('Tag').fill('filtered');
      await page.getByRole('button', { name: 'Start the job with 2 rows' }).click();
      await page.waitForURL('**/jobs/job_*');
      const [job] = await jobsOf('filtered');
      expect(job?.params).toEqual({
        ...{ internal_list_limit: 5, filters: [['backlinks', '>', 1]], order_by: ['rank,desc'] },
      });
    });

    it('buys once where the answer to a submission is lost', async () => {
      const { page } = await open();
      let attempts = 0;
      await page.route('**/v1/jobs?*', async (route) => {
        attempts += route.request().method() === 'POST' ? 1 : 0;
        if (route.request().method() !== 'POST' || attempts > 1) return route.continue();
        await route.fetch();
        return route.abort('connectionreset');
      });
      await paste(page, domains(2).join('\n'));
      await page.getByLabel('Tag').fill('lost');
      const start = page.getByRole('button', { name: 'Start the job with 2 rows' });
      await start.click();
      await page.getByText('The service did not answer.').waitFor();
      await start.click();
      await page.waitForURL('**/jobs/job_*');
      expect([attempts, (await jobsOf('lost')).length]).toEqual([2, 1]);
    });

    it('asks before a list is left, by a link or back', async () => {
      const { page } = await tabAt('/service');
      const fillIn = async () => {
        await page.getByRole('link', { name: 'New job' }).click();
        await paste(page, 'example.com');
      };
      await fillIn();
      const list = page.getByLabel('Targets, one per line');
      for (const leave of [() => page.getByRole('link', { name: 'Tags' }).click(), () => page.goBack()]) {
        await leave();
        await page.getByRole('button', { name: 'Back' }).click();
        expect([new URL(page.url()).pathname, await list.inputValue()]).toEqual(['/new', 'example.com']);
      }
      await page.goBack();
      await page.getByRole('button', { name: 'Leave' }).click();
      await page.waitForURL('**/service');
      await fillIn();
      await page.getByRole('link', { name: 'Tags' }).click();
      await page.getByRole('button', { name: 'Leave' }).click();
      await page.waitForURL('**/tags');
    });
  });
}
