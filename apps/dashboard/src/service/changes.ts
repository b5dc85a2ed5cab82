import type { JobsChange } from '@linkhaul/client/browser';
import { computed, effect, signal } from '@preact/signals';
import { clientThatSends, hasTenant, sessionState } from './session.js';

const COME_BACK_AFTER_MS = 10_000;

/** The whole page shares one stream, because a browser opens at most six connections to a host. */
const listeners = new Set<(change: JobsChange) => void>();

/** False from the moment when a lost stream is requested again until it is open. */
export const isLive = signal(false);

/** The client reopens a broken stream by itself, so a request for it shows that there is none at present. */
const watchedStream: typeof fetch = async (input, init) => {
  isLive.value = false;
  const response = await fetch(input, init);
  isLive.value = response.ok;
  return response;
};

/** Calls back for every change of the tenant's jobs. The returned function ends that. */
export function onJobsChange(listener: (change: JobsChange) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** True also while the session is not checked yet, so that a new page is live sooner. */
const mayFollow = computed(
  () => (sessionState.value === 'unknown' || sessionState.value === 'open') && hasTenant.value,
);

/** Follows the jobs while the session is open. After sleep the page gets `reset`, and loads again what it shows. */
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

/** The client recovers by itself, except from a refusal. That is tried again too, since it may be a proxy's page. */
async function follow(open: () => AsyncIterable<JobsChange>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const change of open()) for (const listener of listeners) listener(change);
    } catch (error) {
      // A refusal while the page opens is about the key, and the session handles it.
      if (!signal.aborted && sessionState.value === 'open') reportError(error);
    }
    if (signal.aborted) return;
    isLive.value = false;
    await new Promise((resolve) => setTimeout(resolve, COME_BACK_AFTER_MS));
  }
}
