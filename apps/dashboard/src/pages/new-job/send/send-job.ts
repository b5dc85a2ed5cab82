import { LinkhaulUnreachable } from '@linkhaul/client/browser';
import { type ReadonlySignal, signal } from '@preact/signals';
import { checkSession, clientThatSends } from '../../../service/session.js';
import type { ListRequest } from '../list-request.js';
import { createAttempts } from './attempts.js';
import { uploadFetch } from './upload-fetch.js';

export interface Sending {
  /** The share of the list's bytes that was sent, from 0 to 1; null while nothing is sent. */
  readonly sent: ReadonlySignal<number | null>;
  readonly error: ReadonlySignal<unknown>;
  /** The request that failed with `error`. */
  readonly failed: ReadonlySignal<ListRequest | null>;
  /** Resolves with the job's id; null if the request was refused or stopped. */
  send(request: ListRequest): Promise<string | null>;
  stop(): void;
}

/** Sends the list as a job. Attempts to send the same request share one key until it is answered, so that none buys twice. */
export function createSending(): Sending {
  const sent = signal<number | null>(null);
  const error = signal<unknown>(null);
  const failed = signal<ListRequest | null>(null);
  const attempts = createAttempts(() => crypto.randomUUID());
  let over = new AbortController();
  return {
    sent,
    error,
    failed,
    async send(request) {
      over = new AbortController();
      sent.value = 0;
      error.value = null;
      const { list, fields, form } = request;
      const client = clientThatSends(
        uploadFetch((done, all) => {
          sent.value = all === 0 ? 1 : done / all;
        }),
      );
      try {
        const options = { ...form, idempotencyKey: attempts.keyFor(request), signal: over.signal };
        return (await client.submitText(fields, list, options)).id;
      } catch (refusal) {
        attempts.failed(refusal);
        if (!over.signal.aborted) {
          error.value = refusal;
          failed.value = request;
          if (refusal instanceof LinkhaulUnreachable) void checkSession();
        }
        return null;
      } finally {
        sent.value = null;
      }
    },
    stop: () => over.abort(),
  };
}
