import { createLinkhaulClient } from '@linkhaul/client';
import { describe, expect, it } from 'vitest';
import { chromiumPath } from './browser.js';
import { openPage } from './open-page.js';

const OPERATORS_KEY = 'the-operators-own-key-of-acme';

describe.skipIf(chromiumPath === '')('a service with keys', () => {
  const { world, tabAt } = openPage({ workers: 0, env: { LINKHAUL_API_KEYS: `acme:${OPERATORS_KEY}` } });

  it('asks for a key, says which is wrong, and keeps the right one for the tab alone', async () => {
    const { page } = await tabAt('/');
    const key = page.getByLabel('API key');
    await key.fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'does not know this key' }).waitFor();
    await key.fill(OPERATORS_KEY);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'No jobs yet' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'No jobs yet' }).waitFor();
    const other = await page.context().newPage();
    await other.goto(world().apiUrl);
    await other.getByLabel('API key').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    const { origins } = await page.context().storageState();
    expect(JSON.stringify(origins)).not.toContain(OPERATORS_KEY);
    await page.reload();
    await page.getByLabel('API key').waitFor();
  });

  it('leads back to the sign-in when the key is revoked', async () => {
    const client = createLinkhaulClient({ baseUrl: world().apiUrl, apiKey: OPERATORS_KEY });
    const { id, key } = await client.createKey({ name: 'the page', scope: 'read' });
    const { page } = await tabAt('/');
    await page.getByLabel('API key').fill(key);
    await page.keyboard.press('Enter');
    await page.getByText('Live').waitFor();
    await client.revokeKey(id);
    await page.getByText('This key is not valid any more').waitFor();
  });

  it('leads back to the sign-in when a list is refused for its key, though the answer is cut off', async () => {
    const client = createLinkhaulClient({ baseUrl: world().apiUrl, apiKey: OPERATORS_KEY });
    const { id, key } = await client.createKey({ name: 'the page', scope: 'submit' });
    const { page } = await tabAt('/new');
    // Nothing but the list tells of the key.
    await page.route('**/v1/jobs/events', (route) => route.abort());
    await page.route('**/v1/jobs?*', (route) =>
      route.request().method() === 'POST' ? route.abort('connectionreset') : route.continue(),
    );
    await page.getByLabel('API key').fill(key);
    await page.keyboard.press('Enter');
    await page.getByLabel('Targets, one per line').fill('example.com');
    const start = page.getByRole('button', { name: 'Start the job with 1 row' });
    await start.waitFor();
    await client.revokeKey(id);
    await start.click();
    await page.getByText('This key is not valid any more').waitFor();
  });
});
