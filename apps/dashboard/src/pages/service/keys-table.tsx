import type { ApiKeyView } from '@linkhaul/schemas';
import { age, localTime } from '../../format/times.js';
import { now } from '../../service/clock.js';
import { authorization } from '../../service/session.js';
import { Button } from '../../ui/button.js';
import { Listing } from '../../ui/listing.js';
import type { KeyAction } from './key-dialogs.js';
import { SCOPE_WORDS } from './scope-words.js';

const COLUMNS = [
  { words: 'Name' },
  { words: 'May do' },
  { words: 'Made', isNumber: true, isWide: true },
  { words: 'Last used', isNumber: true, isWide: true },
  { words: 'Actions', isUnseen: true },
];

interface KeysTableProps {
  readonly keys: readonly ApiKeyView[];
  readonly onAct: (action: KeyAction) => void;
}

export function KeysTable({ keys, onAct }: KeysTableProps) {
  if (keys.length === 0) return <p class="quiet">No key has been made here yet.</p>;
  return (
    <Listing label="API keys" columns={COLUMNS}>
      {keys.map((key) => (
        <tr key={key.id}>
          <td class="key-name">
            {key.name}
            <span class="under mono">
              {key.hint}
              {isOwn(key) && ' (this page uses it)'}
            </span>
          </td>
          <td>
            {SCOPE_WORDS[key.scope].title}
            <span class="under wide">{SCOPE_WORDS[key.scope].says}</span>
          </td>
          <td class="number wide">
            <Time at={key.created_at} />
          </td>
          <td class="number wide">{key.last_used_at === null ? 'never' : <Time at={key.last_used_at} />}</td>
          <td class="actions">
            <Button
              label={`Rotate ${key.name}`}
              icon="retry"
              onClick={() => onAct({ type: 'rotate', key, isOwn: isOwn(key) })}
            >
              Rotate
            </Button>
            <Button
              label={`Delete ${key.name}`}
              icon="trash"
              kind="danger"
              onClick={() => onAct({ type: 'delete', key, isOwn: isOwn(key) })}
            >
              Delete
            </Button>
          </td>
        </tr>
      ))}
    </Listing>
  );
}

function Time({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={localTime(at)}>
      {age(at, now.value)}
    </time>
  );
}

/** Whether this is the key in use. The list has only the beginning of each key. */
function isOwn({ hint }: ApiKeyView): boolean {
  return authorization.value?.startsWith(`Bearer ${hint.replace(/…$/, '')}`) ?? false;
}
