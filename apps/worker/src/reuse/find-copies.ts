import { type Hint, itemLimit, questionOf, type Wanted } from '@linkhaul/jobs';
import { durationMs, endpointOf, resultsAreItems } from '@linkhaul/schemas';
import { callBefore, type PlannedTarget } from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import type { Copies, Copy } from './copy.js';
import { readCopies } from './read-copies.js';
import type { CopyServices, Wish } from './source.js';

interface AskingCall {
  readonly call: number;
  readonly planned: PlannedJob;
  readonly targets: readonly PlannedTarget[];
}

export interface FoundCopies {
  readonly copies: Copies;
  /** The targets that must still be bought. */
  readonly wanted: Wanted;
}

/**
 * Looks for stored answers to the call's question that are young enough for its job. Null if the job allows none, or the call
 * requests a further page of a list.
 */
export async function findCopies(asking: AskingCall, services: CopyServices): Promise<FoundCopies | null> {
  const { description, plan } = asking.planned;
  const maxAge = description.max_age === undefined ? null : durationMs(description.max_age);
  const goesOn = callBefore(asking.call, plan) !== null && plan.kind === 'list';
  if (maxAge === null || goesOn || asking.targets.some(({ before }) => (before?.items ?? 0) > 0)) return null;
  const question = questionOf(description);
  const names = asking.targets.map(({ target }) => target);
  const find = () => services.reuse.find(question, names, { hasParts: plan.kind === 'list' });
  let known = await find();
  // The index is incomplete: Redis has lost it since the job was planned.
  if (!known.isComplete) {
    await services.questions.open(description);
    known = await find();
  }
  const { hints, version } = known;
  const wish = await wishOf(asking.planned, maxAge, services);
  const copies = wish === null ? names.map(() => null) : await copiesOf({ names, hints, wish }, services);
  const left = names.filter((_, at) => copies[at] === null);
  const found = copies.filter((copy) => copy !== null);
  const oldest = found.length === 0 ? null : Math.min(...found.map(({ fetchedAt }) => fetchedAt));
  const sources = new Map(found.map(({ source }) => [source.id, source]));
  const until = oldest === null ? null : oldest + maxAge;
  return { copies, wanted: { question, targets: left, version, until, sources: [...sources.values()] } };
}

async function wishOf({ description, plan }: PlannedJob, maxAge: number, services: CopyServices): Promise<Wish | null> {
  const endpoint = endpointOf(description.endpoint);
  const [now, simulated] = await Promise.all([
    services.calls.now(),
    services.prices.simulated(description.upstreamHost),
  ]);
  if (simulated === null) return null;
  const maxItems = endpoint.kind === 'bulk' ? 1 : itemLimit(endpoint, description, plan.roots);
  const wantsHead = description.tasks !== undefined && !resultsAreItems(endpoint);
  return { endpoint, notBefore: now - maxAge, simulated, maxItems, wantsHead };
}

interface Looking {
  readonly names: readonly string[];
  readonly hints: readonly (readonly Hint[])[];
  readonly wish: Wish;
}

/** Tries the first hint of each target, then the second hint of the targets without a copy. Each answer is read once. */
async function copiesOf({ names, hints, wish }: Looking, services: CopyServices): Promise<Copies> {
  const copies: (Copy | null)[] = names.map(() => null);
  for (const turn of [0, 1]) {
    for (const { hint, positions } of byAnswer(hints, turn, copies)) {
      if (1000 * (hint.answeredAt + 1) < wish.notBefore) continue;
      const wanted = positions.map((at) => names[at] ?? '');
      const read = await readCopies(hint, wanted, wish, services);
      positions.forEach((at, index) => {
        copies[at] = read[index] ?? null;
      });
    }
  }
  return copies;
}

interface HintedAnswer {
  readonly hint: Hint;
  readonly positions: number[];
}

function byAnswer(hints: Looking['hints'], turn: number, copies: Copies): Iterable<HintedAnswer> {
  const answers = new Map<string, HintedAnswer>();
  hints.forEach((of, at) => {
    const hint = of[turn];
    if (hint === undefined || copies[at] !== null) return;
    const key = `${hint.job.id}/${hint.call}.${hint.attempt}`;
    const known = answers.get(key);
    if (known === undefined) answers.set(key, { hint, positions: [at] });
    else known.positions.push(at);
  });
  return answers.values();
}
