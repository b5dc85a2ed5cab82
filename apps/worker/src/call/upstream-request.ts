import { endpointOf, membersOf } from '@linkhaul/schemas';
import type { PlannedJob } from '../cache/job-source.js';
import type { AskedCall } from '../classify/classify-reply.js';
import type { PlannedCall } from '../outcome/planned-call.js';
import { plannedPage } from '../outcome/planned-page.js';
import type { SentAttempt } from './sent-attempt.js';

/** The request's one task. Its tag lets the upstream's record be searched for exactly this attempt. */
export function requestFor({
  planned,
  targets,
  copies,
  call,
  items,
  tag,
  pageToken,
}: SentAttempt): Record<string, unknown> {
  const { params, endpoint: name, tasks } = planned.description;
  const endpoint = endpointOf(name);
  const names = namesOf({ targets, copies });
  if (endpoint.kind === 'bulk') return { ...params, targets: names, tag };
  const [target] = names;
  if (endpoint.kind === 'single') return { ...params, target, tag };
  const asked = endpoint.kind === 'set' ? setFields(target) : { target };
  // The upstream takes a token only with the first page's fields.
  if (pageToken !== null) return { ...params, ...asked, offset: 0, limit: items, search_after_token: pageToken, tag };
  const { offset } = plannedPage({ call, targets }, planned, endpoint);
  const begin = tasks?.begin;
  const goesOn = begin?.token === undefined ? {} : { search_after_token: begin.token };
  return { ...params, ...asked, offset: offset + (begin?.offset ?? 0), limit: items, ...goesOn, tag };
}

/** The upstream numbers the targets of a set from 1, and its items refer to these numbers. */
function setFields(target = ''): Record<string, unknown> {
  const { targets, excluded } = membersOf(target);
  const numbered = Object.fromEntries(targets.map((member, at) => [String(at + 1), member]));
  return { targets: numbered, ...(excluded.length > 0 && { exclude_targets: excluded }) };
}

/** The facts about the request by which its answer is recognised and read. */
export function askedOf({ planned, targets, copies, call, tag }: SentAttempt): AskedCall {
  const endpoint = endpointOf(planned.description.endpoint);
  const from = endpoint.kind === 'bulk' ? 0 : plannedPage({ call, targets }, planned, endpoint).offset;
  const begin = planned.description.tasks?.begin;
  // With a token from the caller, the number of earlier items is unknown, so no count can show that more items follow.
  const offset = begin?.token === undefined ? from + (begin?.offset ?? 0) : Number.MAX_SAFE_INTEGER;
  const names = namesOf({ targets, copies });
  return {
    tag,
    targets: endpoint.kind === 'set' ? names.flatMap((name) => membersOf(name).targets) : names,
    endpoint,
    offset,
  };
}

/** The targets to buy: those that are not copied. */
function namesOf({ targets, copies }: Pick<SentAttempt, 'targets' | 'copies'>): string[] {
  return targets.filter((_, at) => (copies?.[at] ?? null) === null).map(({ target }) => target);
}

/** The number of items to ask for. If money is short, a page by offset may ask for fewer, unless a task fixes the number. */
export function itemsAsked(
  call: PlannedCall & Pick<SentAttempt, 'copies'>,
  planned: PlannedJob,
): { mostItems: number; leastItems: number } {
  const endpoint = endpointOf(planned.description.endpoint);
  if (endpoint.kind === 'bulk') {
    const { length } = namesOf(call);
    return { mostItems: length, leastItems: length };
  }
  const { limit, byToken } = plannedPage(call, planned, endpoint);
  return {
    mostItems: limit,
    leastItems: byToken || endpoint.kind === 'single' || planned.description.tasks !== undefined ? limit : 1,
  };
}
