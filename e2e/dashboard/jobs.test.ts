import { describe, expect, it } from 'vitest';
import { domains } from '../harness.js';
import { chromiumPath } from './browser.js';
import { openPage } from './open-page.js';

/** Jobs that the list loads at first. */
const PAGE = 50;

describe.skipIf(chromiumPath === '')('the list of jobs', () => {
  const { world, tabAt } = openPage();

  it('begins with what to do first, and shows jobs as they come, without being loaded again', async () => {
    const { page, errors, foreignHosts } = await tabAt('/');
    await page.getByRole('heading', { name: 'No jobs yet' }).waitFor();
    const { id } = await world().client.submit({ endpoint: 'bulk_backlinks', tag: 'first' }, [
      ...domains(20),
      'not a domain',
    ]);
    const row = page.getByRole('row').filter({ has: page.locator(`a[href="/jobs/${id}"]`) });
    await row.getByText('Completed').waitFor();
    const job = await world().client.waitFor(id);
    await row.getByRole('img', { name: `${job.rows.ok} ok` }).waitFor();
    expect(await row.textContent()).toContain('first');
    expect([errors, [...foreignHosts]]).toEqual([[], []]);
  });

  it('is filtered by what stands in its address, which filters fill', async () => {
    const fields = { endpoint: 'bulk_backlinks', tag: 'filtered', start: 'manual' } as const;
    const { id } = await world().client.submit({ ...fields, metadata: { customer: 'Acme' } }, domains(3));
    const { page } = await tabAt('/');
    await page.getByRole('searchbox').fill('acme');
    await page.waitForURL('**/?q=acme');
    await page.getByLabel('Status').selectOption('paused');
    await page.waitForURL('**/?q=acme&status=paused');
    await page.reload();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.locator(`a[href="/jobs/${id}"]`).waitFor();
    // The job leaves the list as it stops matching.
    await world().client.cancel(id);
    await page.getByRole('heading', { name: 'No job matches these filters' }).waitFor();
  });

  it('shows live tasks of one tag that follow each other as one line', async () => {
    const { page, errors } = await tabAt('/?q=script');
    for (const target of domains(2)) {
      const body = JSON.stringify([{ targets: [target], tag: 'script' }]);
      await fetch(`${world().apiUrl}/v3/backlinks/bulk_backlinks/live`, { method: 'POST', body });
    }
    const row = page.getByRole('row').filter({ has: page.locator('a[href="/tags/script"]') });
    await row.getByText('2 live tasks').waitFor();
    await row.getByRole('img', { name: '2 ok' }).waitFor();
    expect(errors).toEqual([]);
  });

  it('shows what users wrote as text', async () => {
    const tag = '<img src=x onerror=alert(1)>';
    await world().client.submit({ endpoint: 'bulk_backlinks', tag, start: 'manual' }, domains(1));
    const { page, errors } = await tabAt(`/?q=${encodeURIComponent(tag)}`);
    await page.getByRole('link', { name: tag }).waitFor();
    expect(errors).toEqual([]);
  });

  it('comes back by itself when the service was away, with all jobs that were shown', async () => {
    const fields = { endpoint: 'bulk_backlinks', tag: 'old', start: 'manual' } as const;
    await Promise.all(Array.from({ length: PAGE }, () => world().client.submit(fields, domains(1))));
    const { page } = await tabAt('/');
    // Each stream begins with `reset`, as after a long absence.
    await page.route('**/v1/jobs/events', async (route) => {
      const { 'last-event-id': _, ...headers } = await route.request().allHeaders();
      await route.continue({ headers });
    });
    await page.getByRole('button', { name: 'Show older jobs' }).click();
    const rows = page.getByRole('row');
    await expect.poll(() => rows.count()).toBeGreaterThan(PAGE + 1);
    const shown = await rows.count();
    await page.context().setOffline(true);
    await world().client.submit({ ...fields, tag: 'meanwhile' }, domains(1));
    await page.context().setOffline(false);
    await page.getByRole('link', { name: 'meanwhile' }).waitFor();
    expect(await rows.count()).toBe(shown + 1);
  });
});
