import { LinkhaulProblem, LinkhaulUnreachable } from '@linkhaul/client/browser';
import type { EstimateView } from '@linkhaul/schemas';
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { client } from '../../../service/session.js';
import type { ListRequest } from '../list-request.js';

/** Changes come together before the service is asked. */
const SETTLED_MS = 400;
/** After an answer that may be another one later. */
const AGAIN_MS = 4000;
/** A larger list travels for some time: it is sent to be priced only when the user says so. */
const MOST_SENT_UNASKED = 5 * 1024 * 1024;

interface Price {
  /** The newest answer; kept while a newer one is on its way. */
  readonly estimate: EstimateView | null;
  readonly error: unknown;
  readonly isLoading: boolean;
  /** What was asked last and answered. */
  readonly of: ListRequest | null;
}

export interface Pricing {
  readonly price: ReadonlySignal<Price>;
  /** The list is so large that it is priced by `ask` alone. */
  readonly isLarge: ReadonlySignal<boolean>;
  ask(): void;
  /** For another list: what the last one came to says nothing of it. */
  forget(): void;
  /** Asks again after each change, until the result is called. */
  start(): () => void;
}

const NOTHING: Price = { estimate: null, error: null, isLoading: false, of: null };

/** What the request would come to, by the service. `takeForTable` is told of lines that look like columns; true: it follows. */
export function createPricing(request: ReadonlySignal<ListRequest | null>, takeForTable: () => boolean): Pricing {
  const price = signal<Price>(NOTHING);
  const isLarge = computed(() => (request.value?.list.size ?? 0) > MOST_SENT_UNASKED);
  let asking = new AbortController();
  let again: ReturnType<typeof setTimeout> | undefined;

  const ask = async (asked: ListRequest, over: AbortSignal): Promise<void> => {
    price.value = { ...price.peek(), isLoading: true };
    try {
      const estimate = await client.peek().estimateText(asked.fields, asked.list, { ...asked.form, signal: over });
      if (!over.aborted) price.value = { estimate, error: null, isLoading: false, of: asked };
    } catch (error) {
      const isOver = over.aborted || (isTableInDisguise(error) && asked.form.format === 'text' && takeForTable());
      if (isOver) return;
      price.value = { ...price.peek(), error, isLoading: false, of: asked };
      // A large list is sent when the user says so alone.
      if (mayComeLater(error) && !isLarge.peek()) again = setTimeout(askNow, AGAIN_MS);
    }
  };
  const stop = () => {
    clearTimeout(again);
    asking.abort();
  };
  const askNow = () => {
    stop();
    asking = new AbortController();
    const asked = request.peek();
    if (asked !== null) void ask(asked, asking.signal);
  };
  const forget = () => {
    stop();
    price.value = NOTHING;
  };
  const start = () =>
    effect(() => {
      const wanted = request.value;
      stop();
      const isAsked = wanted !== null && !isLarge.value;
      price.value = { ...price.peek(), isLoading: isAsked };
      if (!isAsked) return undefined;
      const timer = setTimeout(askNow, SETTLED_MS);
      return () => clearTimeout(timer);
    });
  return { price, isLarge, ask: askNow, forget, start };
}

/** The service was away, or too busy. */
function mayComeLater(error: unknown): boolean {
  return error instanceof LinkhaulUnreachable || (error instanceof LinkhaulProblem && error.retryable);
}

function isTableInDisguise(error: unknown): boolean {
  return error instanceof LinkhaulProblem && error.code === 'looks_separated';
}
