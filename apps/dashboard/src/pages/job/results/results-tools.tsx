import { ROW_STATUSES, type RowStatus, rowStatus } from '@linkhaul/schemas';
import type { Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { OUTCOME_WORDS } from '../../../format/words.js';
import { Button } from '../../../ui/button.js';
import { Icon } from '../../../ui/icon.js';

interface ResultsToolsProps {
  readonly text: Signal<string>;
  readonly status: Signal<RowStatus | null>;
  readonly onColumns: () => void;
}

/** The search waits this long for further typing, because it may go through a million rows. */
const TYPED_FOR_MS = 150;

export function ResultsTools({ text, status, onColumns }: ResultsToolsProps) {
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const search = (value: string) => {
    clearTimeout(typing.current);
    typing.current = setTimeout(() => {
      text.value = value.trim();
    }, TYPED_FOR_MS);
  };
  return (
    <search class="filters results-tools">
      <label class="search">
        <span class="unseen">Search the loaded targets</span>
        <Icon name="search" />
        <input
          type="search"
          placeholder="Search the loaded targets"
          value={text.value}
          onInput={(event) => search(event.currentTarget.value)}
        />
      </label>
      <label>
        <span class="unseen">Outcome</span>
        <select
          value={status.value ?? ''}
          onChange={(event) => {
            status.value = rowStatus.safeParse(event.currentTarget.value).data ?? null;
          }}
        >
          <option value="">Any outcome</option>
          {ROW_STATUSES.filter((name) => name !== 'pending').map((name) => (
            <option key={name} value={name}>
              {OUTCOME_WORDS[name]}
            </option>
          ))}
        </select>
      </label>
      <Button onClick={onColumns}>Columns</Button>
    </search>
  );
}
