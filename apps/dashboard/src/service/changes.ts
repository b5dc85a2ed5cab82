import type { JobsChange } from '@linkhaul/client/browser';
import { effect, signal } from '@preact/signals';
import { clientThatSends, hasTenant, sessionState } from './session.js';

/** A whole page needs one stream: a browser opens at most six connections to a host. */
const listeners = new Set<(change: JobsChange) => void>();

/** False from the loss of the stream until it is open again. */
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

/** Follows the jobs while the session is open. A page that comes back after sleep gets `reset`, and loads what it shows again. */
export function followSession(): () => void {
  return effect(() => {
    isLive.value = false;
    if (sessionState.value !== 'open' || !hasTenant.value) return undefined;
    const over = new AbortController();
    void follow(clientThatSends(watchedStream).followJobs({ signal: over.signal }), over.signal);
    return () => over.abort();
  });
}

async function follow(changes: AsyncIterable<JobsChange>, signal: AbortSignal): Promise<void> {
  try {
    for await (const change of changes) {
      for (const listener of listeners) listener(change);
    }
  } catch {
    // Refused, or away for so long that the client has given up: the bar at the top says so, and offers to try again.
  }
  if (!signal.aborted) isLive.value = false;
}
