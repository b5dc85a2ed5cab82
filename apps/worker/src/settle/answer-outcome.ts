import { itemLimit } from '@linkhaul/jobs';
import { endpointOf, type FailedCode } from '@linkhaul/schemas';
import { type AnswerOutcome, ordinalOf, withoutAnswer } from '@linkhaul/storage';
import type { JudgedReply, SentAttempt } from '../call/sent-attempt.js';
import { costOf } from '../classify/classify-reply.js';
import { bulkOutcome, emptyBulk } from '../outcome/bulk-outcome.js';
import { listOutcome } from '../outcome/list-outcome.js';
import { plannedPage } from '../outcome/planned-page.js';
import { failedOutcome, withCopies } from '../reuse/copy.js';
import type { Services } from '../services.js';
import { type EarlierPagesServices, earlierPages } from './earlier-pages.js';

/** What to store for an answer: its rows, or that it was split, deferred or failed. */
export type AnswerVerdict =
  | { readonly kind: 'answered' }
  | Extract<AnswerOutcome, { kind: 'split' | 'deferred' }>
  | {
      readonly kind: 'failed';
      readonly code: FailedCode;
      readonly message: string;
      /** True if the upstream refused a parameter, which is the same in every call of the job. */
      readonly parameter: boolean;
    };

/** The outcome that is stored in the header of an answer. */
export async function answerOutcome(
  sent: SentAttempt,
  { decision }: JudgedReply,
  verdict: AnswerVerdict,
  services: EarlierPagesServices & Pick<Services, 'account'>,
): Promise<AnswerOutcome> {
  if (verdict.kind === 'split') return { kind: 'split', message: verdict.message };
  if (verdict.kind === 'deferred') return verdict;
  const endpoint = endpointOf(sent.planned.description.endpoint);
  const items = decision.action === 'ok' ? decision.items : null;
  const earlier = await earlierPages(sent, services);
  const cost = costOf(decision);
  if (verdict.kind === 'failed') {
    const { code, message, parameter } = verdict;
    const failure = { code, message, ...(parameter && { parameter }) };
    return failedOutcome({ kind: 'failed', ...failure, ...withoutAnswer(earlier, cost) }, sent.copies);
  }
  if (endpoint.kind === 'bulk') {
    const bought = items === null ? emptyBulk(sent) : bulkOutcome(endpoint, sent, items.elements);
    return withCopies(bought, sent.copies, items?.elements.length ?? 0);
  }
  const { description, plan } = sent.planned;
  const maxItems = itemLimit(endpoint, description, plan.roots);
  const planned = plannedPage(sent, sent.planned, endpoint);
  const { elements = [], totalCount = null, token: text = null } = items ?? {};
  const token = text === null ? null : { text, account: services.account };
  const number = ordinalOf(sent.call, plan);
  const page = { number, planned, limit: sent.items, maxItems, elements, totalCount, token, cost, earlier };
  return listOutcome(endpoint, page);
}
