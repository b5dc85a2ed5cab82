import { LinkhaulProblem } from '@linkhaul/client/browser';
import type { ListRequest } from '../list-request.js';

/**
 * One idempotency key for all attempts to send the same request, until the service has answered it. So pressing the button twice,
 * or again after a lost connection, buys only once.
 */
export function createAttempts(makeKey: () => string) {
  let open: { readonly list: Blob; readonly rest: string; readonly key: string } | null = null;
  return {
    keyFor({ list, fields, form }: ListRequest): string {
      const rest = JSON.stringify([fields, form]);
      if (open?.list !== list || open.rest !== rest) open = { list, rest, key: makeKey() };
      return open.key;
    },
    /** Call it with the error of an attempt. Only a final refusal ends the key; any other error may hide an accepted job. */
    failed(error: unknown): void {
      if (error instanceof LinkhaulProblem && !error.retryable) open = null;
    },
  };
}
