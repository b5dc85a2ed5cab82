import type { Job } from '@linkhaul/schemas';
import { count } from '../../../format/numbers.js';
import { addressOfTab } from '../job-tabs.js';
import { CardFacts } from './facts.js';

/** How many calls were sent to the upstream, and what became of them. */
export function CallsCard({ job }: { readonly job: Job }) {
  const { calls, id } = job;
  const fact = (name: string, value: number, meaning: string, status?: string) => ({
    name,
    value: count(value),
    isNone: value === 0,
    meaning:
      status === undefined || value === 0 ? (
        meaning
      ) : (
        <>
          {meaning}, <a href={addressOfTab(id, 'ledger', { status })}>show</a>
        </>
      ),
  });
  return (
    <section class="card">
      <h2>Calls</h2>
      <CardFacts
        facts={[
          fact('Planned', calls.planned, 'requests to the upstream in all; a list or a split call may add some'),
          fact('Done', calls.done, 'their answers are stored', 'stored'),
          fact('In flight', calls.in_flight, 'sent, not settled yet', 'sending'),
          fact('Unknown', calls.unknown, 'no answer came: it is looked up whether they were executed', 'unknown'),
          fact('Failed', calls.failed, 'refused, or failed at every attempt', 'failed'),
          fact('Attempts', calls.attempts, 'times that a call was sent'),
        ]}
      />
    </section>
  );
}
