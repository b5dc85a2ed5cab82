import type { DeliveryView } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { counted } from '../../format/numbers.js';
import { age, latency, localTime } from '../../format/times.js';
import { now } from '../../service/clock.js';
import { sentenceOf } from '../../service/errors.js';
import { useResource } from '../../service/resource.js';
import { client } from '../../service/session.js';
import { Button } from '../../ui/button.js';
import { Listing } from '../../ui/listing.js';
import { Panel } from '../../ui/panel.js';
import { say } from '../../ui/toast.js';
import { Withheld } from '../../ui/withheld.js';
import { receiverWords } from './receiver-words.js';

const EVERY_MS = 30_000;
const SHOWN = 20;
const COLUMNS = [
  { words: 'Event' },
  { words: 'Receiver', isWide: true },
  { words: 'Last answer' },
  { words: 'Made', isNumber: true, isWide: true },
  { words: 'Actions', isUnseen: true },
];

/** Webhooks that their receivers did not accept in any attempt. */
export function DeliveriesPanel() {
  const { data, error, reload } = useResource(
    (signal) => client.value.deliveries({ status: ['failed'], limit: SHOWN, signal }),
    EVERY_MS,
  );
  if (data === null && error === null) return null;
  const failed = data?.deliveries ?? [];
  return (
    <Panel title="Webhooks that were given up">
      <Withheld error={error} onRetry={reload} />
      {data !== null && failed.length === 0 && <p class="quiet">Every webhook was delivered, or is still tried.</p>}
      {failed.length > 0 && (
        <Listing label="Failed deliveries" columns={COLUMNS}>
          {failed.map((delivery) => (
            <DeliveryRow key={`${delivery.id} ${delivery.url}`} delivery={delivery} onSent={reload} />
          ))}
        </Listing>
      )}
      {data !== null && data.next_cursor !== null && <p class="quiet">The newest {SHOWN} are shown.</p>}
    </Panel>
  );
}

interface DeliveryRowProps {
  readonly delivery: DeliveryView;
  readonly onSent: () => void;
}

function DeliveryRow({ delivery, onSent }: DeliveryRowProps) {
  const { id, event, job, url, created_at, attempts } = delivery;
  const last = attempts.at(-1);
  const isBusy = useSignal(false);
  const send = async () => {
    isBusy.value = true;
    try {
      await client.value.redeliver(id);
      say('Sent again: it leaves this list, and comes back if it is refused once more.');
      onSent();
    } catch (refusal) {
      say(sentenceOf(refusal), { isTrouble: true });
    }
    isBusy.value = false;
  };
  return (
    <tr>
      <td>
        {event}
        {job !== null && (
          <a class="under mono" href={`/jobs/${job}`}>
            {job}
          </a>
        )}
      </td>
      <td class="wide receiver">{url}</td>
      <td title={last?.answer ?? undefined}>
        {last === undefined ? '–' : receiverWords(last)}
        <span class="under">
          {counted(attempts.length, 'attempt')}
          {last !== undefined && `, the last took ${latency(last.duration_ms)}`}
        </span>
      </td>
      <td class="number wide">
        <time title={localTime(created_at)}>{age(created_at, now.value)}</time>
      </td>
      <td class="actions">
        <Button icon="retry" isBusy={isBusy.value} onClick={send}>
          Send again
        </Button>
      </td>
    </tr>
  );
}
