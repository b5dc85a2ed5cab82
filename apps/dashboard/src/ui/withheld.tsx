import { isForbidden, sentenceOf } from '../service/errors.js';
import { Trouble } from './trouble.js';

/** What the key may not see is no failure: a quiet word says which key may. Anything else that failed is said as ever. */
export function Withheld({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  if (isForbidden(error)) return <p class="quiet">{sentenceOf(error)}</p>;
  return <Trouble error={error} {...(onRetry !== undefined && { onRetry })} />;
}
