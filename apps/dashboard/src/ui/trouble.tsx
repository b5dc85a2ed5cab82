import { sentenceOf } from '../service/errors.js';
import { Button } from './button.js';
import { Icon } from './icon.js';
import './trouble.css';

/** A request that failed, in the service's own words, and a way to try again. Nothing where nothing failed. */
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
