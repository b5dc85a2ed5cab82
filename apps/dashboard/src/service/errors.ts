import { LinkhaulProblem, LinkhaulUnreachable } from '@linkhaul/client/browser';

/** The message for a failed request. */
export function sentenceOf(error: unknown): string {
  if (error instanceof LinkhaulProblem && typeof error.problem.detail === 'string') return error.problem.detail;
  if (error instanceof LinkhaulUnreachable) return 'The service does not answer.';
  return 'The service gave an answer that this page does not understand. Reload the page: it may be older than the service.';
}

/** The messages of a refused request, by the field that each is about. `''` has those about no field. */
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

/** The form's name of a field. A pointer is `/params/filters/0` or a parameter's name; the form joins its first two steps by a dot. */
function fieldOf(pointer: string | undefined): string {
  const steps = (pointer ?? '').split('/').filter((step) => step !== '');
  return steps.slice(0, steps[0] === 'params' || steps[0] === 'webhook' ? 2 : 1).join('.');
}

/** Whether the key may not do this. The page then leaves the part out, and says so. */
export function isForbidden(error: unknown): boolean {
  return error instanceof LinkhaulProblem && error.code === 'forbidden';
}
