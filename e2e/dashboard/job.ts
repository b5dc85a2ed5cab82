import { describe, expect, it } from 'vitest';
import { domains } from '../harness.js';
import type { OpenPage } from './open-page.js';

export function jobPage({ world, tabAt }: OpenPage): void {
  describe('the page of a job', () => {
    it('counts what the service counts, and a reload in the middle changes nothing', async () => {
      const { id } = await world().client.submit({ endpoint: 'bulk_backlinks', tag: 'counted' }, [
        ...domains(120),
        'no domain',
      ]);
      const { page, errors } = await tabAt(`/jobs/${id}`);
      await page.reload();
      await page.getByText('Completed').first().waitFor();
      const { rows } = await world().client.waitFor(id);
      await page.getByText(`${rows.total - rows.pending} of ${rows.total} rows`).waitFor();
      await page.getByRole('link', { name: 'Results' }).click();
      await page.getByRole('button', { name: 'site-1.com', exact: true }).waitFor();
      expect(errors).toEqual([]);
    });

    it('shows targets and what came of them as text', async () => {
      const target = 'https://site-1.com/<img src=x onerror=alert(1)>';
      const { id } = await world().client.submit({ endpoint: 'bulk_backlinks' }, [target, 'site-2.com']);
      await world().client.waitFor(id);
      const { page, errors } = await tabAt(`/jobs/${id}?tab=results`);
      const line = page.getByRole('button', { name: /site-1\.com/ });
      await line.press('Enter');
      await page.getByRole('dialog').getByText('onerror').first().waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(errors).toEqual([]);
    });

    it('runs failed rows again, of the codes that were chosen', async () => {
      await world().fault({ kind: 'status', code: 40103, level: 'task', count: 5, target: 'site-1.com' });
      const { id } = await world().client.submit(
        { endpoint: 'domain_pages_summary', max_items_per_target: 5 },
        domains(3),
      );
      const failed = await world().client.waitFor(id);
      expect(failed.rows.failed).toBe(1);
      const { page } = await tabAt(`/jobs/${id}?tab=failures`);
      for (const box of await page.locator('.failures input[type=checkbox]').all()) await box.check();
      await page
        .getByRole('button', { name: /^Run .* again/ })
        .first()
        .click();
      await page.getByRole('dialog').getByRole('button', { name: /again/ }).click();
      await expect.poll(async () => (await world().client.job(id)).run).toBe(2);
      const again = await world().client.waitFor(id);
      expect(again.rows).toMatchObject({ failed: 0, total: 3 });
      await page.getByRole('heading', { name: 'No row has failed' }).waitFor();
    });

    it('pauses a job that runs, and lets it go on', async () => {
      await world().settings({ latency_ms: 8000 });
      const fields = { endpoint: 'domain_pages_summary', max_items_per_target: 5, start: 'manual' } as const;
      const { id } = await world().client.submit(fields, domains(200));
      const { page } = await tabAt(`/jobs/${id}`);
      const act = async (name: string) => {
        await page.getByRole('button', { name }).click();
        await page.getByRole('dialog').getByRole('button', { name }).click();
      };
      await act('Start');
      await act('Pause');
      await page.getByText('Paused', { exact: true }).first().waitFor();
      expect(await world().client.job(id)).toMatchObject({ status: 'paused', reason: 'user' });
      await world().settings({ latency_ms: 0 });
      await act('Resume');
      await page.getByText('Completed').first().waitFor();
      expect((await world().client.job(id)).rows).toMatchObject({ pending: 0, total: 200 });
    });

    it('is worked by keyboard alone', async () => {
      const { id } = await world().client.submit({ endpoint: 'bulk_backlinks', start: 'manual' }, domains(5));
      const { page } = await tabAt(`/jobs/${id}`);
      const start = page.getByRole('button', { name: 'Start' });
      await start.waitFor();
      for (let steps = 0; steps < 40; steps++) {
        await page.keyboard.press('Tab');
        if (await start.evaluate((element) => element === element.ownerDocument.activeElement)) break;
      }
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Enter');
      await page.getByText('Completed').first().waitFor();
      expect((await world().client.job(id)).status).toBe('completed');
    });
  });
}
