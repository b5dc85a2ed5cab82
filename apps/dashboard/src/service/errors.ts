import { LinkhaulProblem, LinkhaulUnreachable } from '@linkhaul/client/browser';

/** What the page says about a request that failed. */
export function sentenceOf(error: unknown): string {
  if (error instanceof LinkhaulProblem && typeof error.problem.detail === 'string') return error.problem.detail;
  if (error instanceof LinkhaulUnreachable) return 'The service does not answer.';
  return 'The service gave an answer that this page does not understand. Reload the page: it may be older than the service.';
}

/** The messages of a refused request by the name of the field that each is about; `''` holds those about no field. */
export function fieldErrorsOf(error: unknown): ReadonlyMap<string, string> {
  const messages = new Map<string, string>();
  if (!(error instanceof LinkhaulProblem) || (error.problem.errors ?? []).length === 0)
    return messages.set('', sentenceOf(error));
  for (const { pointer, message } of error.problem.errors ?? []) {
    const field = fieldOf(pointer);
    messages.set(field, messages.has(field) ? `${messages.get(field)} ${message}` : message);
  }
  return messages;
}

/** A pointer is `/params/filters/0` or the name of a parameter. The form's names join the first two steps by a dot. */
function fieldOf(pointer: string | undefined): string {
  const steps = (pointer ?? '').split('/').filter((step) => step !== '');
  return steps.slice(0, steps[0] === 'params' || steps[0] === 'webhook' ? 2 : 1).join('.');
}

/** The key may not do this: the page then leaves it out, and says so. */
export function isForbidden(error: unknown): boolean {
  return error instanceof LinkhaulProblem && error.code === 'forbidden';
}
