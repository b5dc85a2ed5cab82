import { LinkhaulProblem } from '@linkhaul/client/browser';
import type { ListRequest } from '../list-request.js';

/**
 * One idempotency key for all attempts to send the same request, until the service has answered it: pressing twice, or
 * again after a lost connection, buys once.
 */
export function createAttempts(makeKey: () => string) {
  let open: { readonly list: Blob; readonly rest: string; readonly key: string } | null = null;
  return {
    keyFor({ list, fields, form }: ListRequest): string {
      const rest = JSON.stringify([fields, form]);
      if (open?.list !== list || open.rest !== rest) open = { list, rest, key: makeKey() };
      return open.key;
    },
    /** Told what an attempt failed with; only a refusal for good ends the key. Any other answer may hide an accepted job. */
    failed(error: unknown): void {
      if (error instanceof LinkhaulProblem && !error.retryable) open = null;
    },
  };
}
