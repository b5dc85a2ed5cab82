import { LinkhaulProblem, LinkhaulUnreachable } from '@linkhaul/client/browser';
import type { EstimateView } from '@linkhaul/schemas';
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { client } from '../../../service/session.js';
import type { ListRequest } from '../list-request.js';

/** The service is asked once nothing has changed for this long. */
const SETTLED_MS = 400;
/** How soon to ask again after an error that may pass. */
const AGAIN_MS = 4000;
/** A larger list takes some time to send, so it is priced only when the user asks for it. */
const MOST_SENT_UNASKED = 5 * 1024 * 1024;

interface Price {
  /** The newest estimate. It is kept while a newer one is loaded. */
  readonly estimate: EstimateView | null;
  readonly error: unknown;
  readonly isLoading: boolean;
  /** The last request that was answered. */
  readonly of: ListRequest | null;
}

export interface Pricing {
  readonly price: ReadonlySignal<Price>;
  /** True if the list is so large that only `ask` prices it. */
  readonly isLarge: ReadonlySignal<boolean>;
  ask(): void;
  /** For another list: forgets the last one's price. */
  forget(): void;
  /** Asks again after each change, until the returned function is called. */
  start(): () => void;
}

const NOTHING: Price = { estimate: null, error: null, isLoading: false, of: null };

/** Prices the request. `takeForTable` is called if its lines look like columns; it returns true if the page now reads a table. */
export function createPricing(request: ReadonlySignal<ListRequest | null>, takeForTable: () => boolean): Pricing {
  const price = signal<Price>(NOTHING);
  const isLarge = computed(() => (request.value?.list.size ?? 0) > MOST_SENT_UNASKED);
  let asking = new AbortController();
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  const ask = async (asked: ListRequest, over: AbortSignal): Promise<void> => {
    price.value = { ...price.peek(), isLoading: true };
    try {
      const estimate = await client.peek().estimateText(asked.fields, asked.list, { ...asked.form, signal: over });
      if (!over.aborted) price.value = { estimate, error: null, isLoading: false, of: asked };
    } catch (error) {
      const isOver = over.aborted || (isTableInDisguise(error) && asked.form.format === 'text' && takeForTable());
      if (isOver) return;
      price.value = { ...price.peek(), error, isLoading: false, of: asked };
      // A large list is sent only when the user asks for it.
      if (mayComeLater(error) && !isLarge.peek()) retryTimer = setTimeout(askNow, AGAIN_MS);
    }
  };
  const stop = () => {
    clearTimeout(retryTimer);
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

/** Whether the error may pass: the service was unreachable, or too busy. */
function mayComeLater(error: unknown): boolean {
  return error instanceof LinkhaulUnreachable || (error instanceof LinkhaulProblem && error.retryable);
}

function isTableInDisguise(error: unknown): boolean {
  return error instanceof LinkhaulProblem && error.code === 'looks_separated';
}
