import { MAX_METADATA_PAIRS } from '@linkhaul/schemas';
import { Button } from '../../../ui/button.js';
import type { Draft } from '../draft.js';

type Pairs = Draft['metadata'];

interface MetadataPairsProps {
  readonly pairs: Pairs;
  readonly error: string | null;
  readonly onChange: (pairs: Pairs) => void;
}

/** The user's own pairs of names and values. Jobs can be found, and costs summed, by them. */
export function MetadataPairs({ pairs, error, onChange }: MetadataPairsProps) {
  const change = (place: number, changes: Partial<Pairs[number]>) =>
    onChange(pairs.map((pair, at) => (at === place ? { ...pair, ...changes } : pair)));
  return (
    <fieldset class="builder metadata">
      <legend>Metadata</legend>
      <p class="field-hint">
        Pairs of your own, such as customer and acme: jobs can be found by them, and costs summed.
      </p>
      {pairs.map((pair, place) => (
        <div class="builder-row" key={place}>
          <input
            type="text"
            aria-label={`Name of pair ${place + 1}`}
            placeholder="name"
            value={pair.name}
            onInput={(event) => change(place, { name: event.currentTarget.value })}
          />
          <input
            type="text"
            aria-label={`Value of pair ${place + 1}`}
            placeholder="value"
            value={pair.value}
            onInput={(event) => change(place, { value: event.currentTarget.value })}
          />
          <Button
            kind="bare"
            icon="cross"
            label={`Remove pair ${place + 1}`}
            onClick={() => onChange(pairs.toSpliced(place, 1))}
          >
            {null}
          </Button>
        </div>
      ))}
      {error !== null && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      {pairs.length < MAX_METADATA_PAIRS && (
        <Button icon="plus" onClick={() => onChange([...pairs, { name: '', value: '' }])}>
          Add a pair
        </Button>
      )}
    </fieldset>
  );
}
