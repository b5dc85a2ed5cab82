import type { CapacityView } from '@linkhaul/schemas';
import { count, counted, usd } from '../../format/numbers.js';
import { latency, localTime } from '../../format/times.js';
import { now } from '../../service/clock.js';
import { Icon } from '../../ui/icon.js';
import { Meter } from '../../ui/meter.js';
import { Panel } from '../../ui/panel.js';
import { boundSentence, waitSentence, workersSentence } from './capacity-words.js';
import { Figure } from './figure.js';
import { WorkersAndQueues } from './workers-and-queues.js';

/** The account's limits, how much of them is used, and what keeps it from sending more. */
export function CapacityPanel({ capacity }: { readonly capacity: CapacityView }) {
  const { upstream, limits, in_use, latency_ms, calls_per_second, workers, jobs_waiting, balance_usd } = capacity;
  return (
    <Panel title="Capacity" note={`The account at ${upstream.host}, over all workers`}>
      <Wait capacity={capacity} />
      <p class="bound">{boundSentence(capacity)}</p>
      <dl class="figures">
        <Metered title="Requests a minute" used={in_use.last_minute} most={limits.requests_per_minute} />
        <Metered
          title="Open requests"
          used={in_use.in_flight}
          most={limits.in_flight_now}
          note={limits.in_flight_now < limits.in_flight ? `usually ${count(limits.in_flight)}` : undefined}
        />
        <Figure title="Latency of late" value={latency_ms === null ? '–' : latency(latency_ms)} />
        <Figure
          title="Calls possible"
          value={`${count(Math.round(calls_per_second * 10) / 10)} / s`}
          note="by limits and latency"
        />
        <Figure
          title="Workers alive"
          value={count(workers.live)}
          note={`${counted(workers.places, 'place')}. ${workersSentence(workers)}`}
        />
        <Figure title="Jobs that wait" value={count(jobs_waiting)} />
        {balance_usd !== null && <Figure title="Balance at the upstream" value={usd(balance_usd)} />}
      </dl>
      <WorkersAndQueues capacity={capacity} />
    </Panel>
  );
}

function Wait({ capacity }: { readonly capacity: CapacityView }) {
  if (capacity.paused === null) return null;
  return (
    <p class="wait" role="status" title={`until ${localTime(capacity.paused.until)}`}>
      <Icon name="pause" />
      {waitSentence(capacity, now.value)}
    </p>
  );
}

interface MeteredProps {
  readonly title: string;
  readonly used: number;
  readonly most: number;
  readonly note?: string | undefined;
}

function Metered({ title, used, most, note }: MeteredProps) {
  const words = `${count(used)} of ${count(most)}`;
  return (
    <Figure title={title} value={count(used)} of={count(most)} note={note}>
      <Meter label={title} value={used} most={most} words={words} />
    </Figure>
  );
}
