import { createLinkhaulClient, type LinkhaulClient } from '@linkhaul/client';

function keyOf(tenant: string): string {
  return `the-key-of-${tenant}-tenant`;
}

/** `LINKHAUL_API_KEYS` for these tenants. */
export function keysOf(tenants: readonly string[]): string {
  return tenants.map((tenant) => `${tenant}:${keyOf(tenant)}`).join();
}

export function clientOf(tenant: string, baseUrl: string): LinkhaulClient {
  return createLinkhaulClient({ baseUrl, apiKey: keyOf(tenant) });
}

/** Uses `fetch`, which does not repeat a request when the API stops. */
export async function testWebhook(tenant: string, at: { readonly api: string; readonly url: string }): Promise<void> {
  const headers = { authorization: `Bearer ${keyOf(tenant)}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ url: at.url });
  await fetch(`${at.api}/v1/webhooks/test`, { method: 'POST', headers, body });
}

/** Submits a job of one call whose webhook goes to this URL. */
export async function submitSmall(client: LinkhaulClient, webhookUrl: string): Promise<string> {
  const { id } = await client.submit({ endpoint: 'bulk_backlinks', webhook: { url: webhookUrl } }, ['example.com']);
  return id;
}
