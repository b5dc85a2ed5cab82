import type { JobsChange } from '@linkhaul/client/browser';
import { computed, effect, signal } from '@preact/signals';
import { clientThatSends, hasTenant, sessionState } from './session.js';

const COME_BACK_AFTER_MS = 10_000;

/** A whole page needs one stream: a browser opens at most six connections to a host. */
const listeners = new Set<(change: JobsChange) => void>();

/** False from the moment that a lost stream is asked for again until it is open. */
export const isLive = signal(false);

/** The client opens a stream that breaks off again by itself, so a request for it tells that there is none. */
const watchedStream: typeof fetch = async (input, init) => {
  isLive.value = false;
  const response = await fetch(input, init);
  isLive.value = response.ok;
  return response;
};

/** Hears of every change of the tenant's jobs. Calling the result ends that. */
export function onJobsChange(listener: (change: JobsChange) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** While it is not known yet whether the service takes the key, too: a page that opens is live sooner. */
const mayFollow = computed(
  () => (sessionState.value === 'unknown' || sessionState.value === 'open') && hasTenant.value,
);

/** Follows the jobs while the session is open. A page that comes back after sleep gets `reset`, and loads what it shows again. */
export function followSession(): () => void {
  return effect(() => {
    isLive.value = false;
    if (!mayFollow.value) return undefined;
    const over = new AbortController();
    const client = clientThatSends(watchedStream);
    void follow(() => client.followJobs({ signal: over.signal }), over.signal);
    return () => over.abort();
  });
}

/** The client comes back by itself from all but a refusal, such as a proxy's page in place of the stream: that may pass too. */
async function follow(open: () => AsyncIterable<JobsChange>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const change of open()) for (const listener of listeners) listener(change);
    } catch (error) {
      // A refusal while the page opens is about the key, which the session hears of too.
      if (!signal.aborted && sessionState.value === 'open') reportError(error);
    }
    if (signal.aborted) return;
    isLive.value = false;
    await new Promise((resolve) => setTimeout(resolve, COME_BACK_AFTER_MS));
  }
}
