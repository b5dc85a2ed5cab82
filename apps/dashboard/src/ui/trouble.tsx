import { sentenceOf } from '../service/errors.js';
import { Button } from './button.js';
import { Icon } from './icon.js';
import './trouble.css';

/** The service's message for a failed request, and a button to try again. Nothing if the request did not fail. */
export function Trouble({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  if (error === null || error === undefined) return null;
  return (
    <div class="trouble" role="alert">
      <Icon name="warning" />
      <p>{sentenceOf(error)}</p>
      {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
