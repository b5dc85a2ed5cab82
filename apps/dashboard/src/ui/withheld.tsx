import { isForbidden, sentenceOf } from '../service/errors.js';
import { Trouble } from './trouble.js';

/** A part that the key may not see is not an error: a quiet text says which key may. Any other error is shown as usual. */
export function Withheld({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  if (isForbidden(error)) return <p class="quiet">{sentenceOf(error)}</p>;
  return <Trouble error={error} {...(onRetry !== undefined && { onRetry })} />;
}
