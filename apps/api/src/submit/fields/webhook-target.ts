import type { WebhookTarget } from '@linkhaul/jobs';
import { jobEventName, type Webhook } from '@linkhaul/schemas';
import type { Services } from '../../services.js';

/** The receiver of a job's events, fixed when the job is accepted: the webhook that the job names, or the tenant's default. */
export async function webhookTarget(
  tenant: string,
  named: Webhook | undefined,
  { env, webhooks }: Pick<Services, 'env' | 'webhooks'>,
): Promise<WebhookTarget | null> {
  const allowPrivate = env.webhookAllowPrivate;
  if (named) return { url: named.url, events: named.events ?? null, allowPrivate };
  const target = await webhooks.defaultOf(tenant);
  const events = target?.events?.filter((event) => jobEventName.safeParse(event).success) ?? null;
  return target === null || events?.length === 0 ? null : { url: target.url, events, allowPrivate };
}
