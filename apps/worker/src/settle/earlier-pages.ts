import { recordDamage } from '@linkhaul/jobs';
import { endpointOf } from '@linkhaul/schemas';
import { callBefore, readSettledAnswer, soFarOf } from '@linkhaul/storage';
import type { SentAttempt } from '../call/sent-attempt.js';
import type { EarlierPages } from '../outcome/list-outcome.js';
import { plannedPage } from '../outcome/planned-page.js';
import type { Services } from '../services.js';

export type EarlierPagesServices = Pick<Services, 'calls' | 'storage' | 'ledger' | 'queues'>;

/**
 * What a list's row has from the pages before this one: the previous page's header has the sums. A run's first page continues from
 * the runs before it. If the previous page's answer is damaged, the row fails when this call is settled. A bulk call has no pages.
 */
export async function earlierPages(
  sent: Pick<SentAttempt, 'job' | 'call' | 'planned' | 'targets'>,
  services: EarlierPagesServices,
): Promise<EarlierPages> {
  if (sent.planned.plan.kind === 'bulk') return { items: 0, cost: 0 };
  const call = callBefore(sent.call, sent.planned.plan);
  if (call === null) return sent.targets[0]?.before ?? { items: 0, cost: 0 };
  const attempt = await services.calls.settledAttempt({ job: sent.job, call });
  const found = await readSettledAnswer(services.storage, sent.job, { call, attempt });
  const header = found.kind === 'there' ? found.answer.header : found.header;
  if (found.kind === 'damaged') {
    const { targets } = sent;
    await recordDamage({ job: sent.job, call, attempt }, { plan: sent.planned.plan, targets, header }, services);
  }
  if (header === null) return itemsByOffset(sent);
  if (header.outcome.kind !== 'list') throw new Error(`the page before call ${sent.call} is not of a list`);
  const { mark } = header.outcome;
  return { ...soFarOf(header.outcome), ...(mark && { mark }) };
}

/** Every page but the last is full, so the offset is the number of items. The cost is left out: the job has counted it already. */
function itemsByOffset(sent: Pick<SentAttempt, 'call' | 'planned' | 'targets'>): EarlierPages {
  const endpoint = endpointOf(sent.planned.description.endpoint);
  if (endpoint.kind === 'bulk') throw new Error(`call ${sent.call} is not of a list`);
  return { items: plannedPage(sent, sent.planned, endpoint).offset, cost: 0 };
}
