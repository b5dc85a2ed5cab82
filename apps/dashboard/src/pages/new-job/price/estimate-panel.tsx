import { ENDPOINT_FORMS } from 'virtual:endpoint-forms';
import type { EndpointName, EstimateView } from '@linkhaul/schemas';
import type { ComponentChildren } from 'preact';
import { bytes } from '../../../format/bytes.js';
import { count, usd } from '../../../format/numbers.js';
import { BINDING_WORDS } from '../../../format/words.js';
import { Button } from '../../../ui/button.js';
import type { NewJob } from '../new-job-state.js';
import { callsWords, costWords, timeWords } from './estimate-words.js';
import { InvalidRows } from './invalid-rows.js';
import './estimate.css';

/** The service's estimate for the job. It is updated after each change. */
export function EstimatePanel({ job }: { readonly job: NewJob }) {
  const { pricing, request, source } = job;
  const { estimate, error, isLoading, of } = pricing.price.value;
  if (source.value === null) {
    return <p class="quiet">Add a list to see what it comes to. Nothing is bought before you start the job.</p>;
  }
  const isStale = isLoading || error !== null || of !== request.value;
  return (
    <>
      {pricing.isLarge.value && isStale && (
        <div class="large-list">
          <p>
            This list has {bytes(source.value.list.size)}: it is sent to be priced when you say so, not at every change.
          </p>
          <Button isBusy={isLoading} onClick={pricing.ask}>
            {estimate === null ? 'Price it now' : 'Price it again'}
          </Button>
        </div>
      )}
      <div class={`estimate ${isStale && estimate !== null ? 'stale' : ''}`} aria-busy={isLoading} aria-live="polite">
        {estimate === null ? (
          isLoading && <p class="quiet">Reading the list…</p>
        ) : (
          <Figures estimate={estimate} endpoint={job.draft.value.endpoint} />
        )}
      </div>
    </>
  );
}

interface FiguresProps {
  readonly estimate: EstimateView;
  readonly endpoint: EndpointName;
}

function Figures({ estimate, endpoint }: FiguresProps) {
  const time = timeWords(estimate.duration_ms);
  const { rows, invalid, duplicates, calls, saved_usd: saved, bound_by: boundBy, balance_usd: balance } = estimate;
  const { saved_by_reuse_usd: reuse } = estimate;
  return (
    <>
      <p class="cost">{costWords(estimate.cost_usd)}</p>
      {estimate.cost_usd.high === null && <p class="quiet">Nothing limits the cost: set a budget.</p>}
      <dl>
        <Figure name="Question">{ENDPOINT_FORMS[endpoint].title}</Figure>
        <Figure name="Rows">{count(rows)}</Figure>
        {invalid > 0 && (
          <Figure name="Invalid, left out" isBad>
            {count(invalid)}
          </Figure>
        )}
        <Figure name="Duplicates, bought once">{count(duplicates)}</Figure>
        <Figure name="Calls">{callsWords(calls)}</Figure>
        {saved > 0 && <Figure name="Saved by packing">{usd(saved)}</Figure>}
        {reuse > 0 && <Figure name="Saved by stored answers">{usd(reuse)}</Figure>}
        <Figure name="Time">{time ?? 'No worker is alive to tell'}</Figure>
        {balance !== null && <Figure name="Balance of the account">{usd(balance)}</Figure>}
      </dl>
      {boundBy !== null && <p class="quiet">{BINDING_WORDS[boundBy]}.</p>}
      {estimate.input !== undefined && <InvalidRows input={estimate.input} invalid={invalid} />}
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly isBad?: boolean;
  readonly children: ComponentChildren;
}

function Figure({ name, isBad = false, children }: FigureProps) {
  return (
    <div class={isBad ? 'bad' : ''}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
