import type { Attempt } from '@linkhaul/jobs';
import { endpointOf } from '@linkhaul/schemas';
import { type PlannedTarget, readAnswer } from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import { plannedPage } from '../outcome/planned-page.js';
import type { Services } from '../services.js';
import { type EarlierPagesServices, earlierPages } from '../settle/earlier-pages.js';

type TokenServices = EarlierPagesServices & Pick<Services, 'account'>;

interface PageCall extends Attempt {
  readonly planned: PlannedJob;
  readonly targets: readonly PlannedTarget[];
}

/**
 * The token to request a page with. Null if the row's pages come by offset, on the first page, and if the token is useless because
 * another account got it or it was refused. The list then continues by offset, as far as the upstream allows.
 */
export async function pageTokenFor(call: PageCall, services: TokenServices): Promise<string | null> {
  const endpoint = endpointOf(call.planned.description.endpoint);
  if (endpoint.kind === 'bulk' || !plannedPage(call, call.planned, endpoint).byToken) return null;
  const { token } = await earlierPages(call, services);
  if (token === undefined || token.account !== services.account) return null;
  return (await wasRefused(call, services)) ? null : token.text;
}

/** Whether the upstream refused the token of the previous attempt. */
async function wasRefused({ job, call, attempt }: PageCall, { storage }: TokenServices): Promise<boolean> {
  if (attempt === 1) return false;
  const found = await readAnswer(storage, job, { call, attempt: attempt - 1 });
  const outcome = found.kind === 'there' ? found.answer.header.outcome : null;
  return outcome?.kind === 'deferred' && outcome.tokenRefused === true;
}
