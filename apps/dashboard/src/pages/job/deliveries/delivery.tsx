import type { DeliveryAttempt, DeliveryView } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { counted } from '../../../format/numbers.js';
import { duration, latency, localTime } from '../../../format/times.js';
import { now } from '../../../service/clock.js';
import { client } from '../../../service/session.js';
import { Button } from '../../../ui/button.js';
import { say } from '../../../ui/toast.js';
import { Trouble } from '../../../ui/trouble.js';
import { DELIVERY_ERROR_WORDS, DELIVERY_TONES, DELIVERY_WORDS, EVENT_WORDS } from './delivery-words.js';

interface DeliveryProps {
  readonly delivery: DeliveryView;
  readonly onChange: () => void;
}

/** The delivery of one event to one address. */
export function Delivery({ delivery, onChange }: DeliveryProps) {
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(null);
  const redeliver = async () => {
    isBusy.value = true;
    error.value = null;
    try {
      await client.value.redeliver(delivery.id);
      say('The event is sent again, with the same id.');
      onChange();
    } catch (refusal) {
      error.value = refusal;
    }
    isBusy.value = false;
  };
  return (
    <li class="card delivery">
      <div class="delivery-head">
        <h2>{EVENT_WORDS[delivery.event]}</h2>
        <span class={`badge ${DELIVERY_TONES[delivery.status]}`}>
          <i aria-hidden="true" />
          {DELIVERY_WORDS[delivery.status]}
        </span>
        <Next at={delivery.next_attempt_at} />
        <Button icon="retry" isBusy={isBusy.value} onClick={redeliver}>
          Send again
        </Button>
      </div>
      <p class="quiet delivery-address">
        <span class="mono">{delivery.event}</span> to <span class="mono">{delivery.url}</span>, made{' '}
        <time dateTime={delivery.created_at}>{localTime(delivery.created_at)}</time>
      </p>
      <Trouble error={error.value} />
      {delivery.attempts.length === 0 ? <p class="quiet">Not sent yet.</p> : <Attempts attempts={delivery.attempts} />}
    </li>
  );
}

function Next({ at }: { readonly at: string | null }) {
  if (at === null) return null;
  const ms = Date.parse(at) - now.value;
  return <span class="quiet">{ms > 1000 ? `again in ${duration(ms)}` : 'about to be sent'}</span>;
}

function Attempts({ attempts }: { readonly attempts: readonly DeliveryAttempt[] }) {
  return (
    <section class="table-area" aria-label={counted(attempts.length, 'attempt')} tabindex={0}>
      <table class="data-table">
        <thead>
          <tr>
            <th scope="col">Sent</th>
            <th scope="col">Answer</th>
            <th scope="col" class="number">
              Took
            </th>
            <th scope="col">Its text</th>
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <tr key={attempt.at}>
              <td>
                <time dateTime={attempt.at}>{localTime(attempt.at)}</time>
              </td>
              <td>{attempt.error === null ? `HTTP ${attempt.status ?? '–'}` : DELIVERY_ERROR_WORDS[attempt.error]}</td>
              <td class="number">{latency(attempt.duration_ms)}</td>
              <td class="mono delivery-answer">
                {attempt.answer === null || attempt.answer === '' ? '–' : attempt.answer}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
