import { CALL_STATUSES, type CallStatus, type Job } from '@linkhaul/schemas';
import { useLocation } from 'preact-iso';
import { counted } from '../../../format/numbers.js';
import { client } from '../../../service/session.js';
import { Button } from '../../../ui/button.js';
import { Empty } from '../../../ui/empty.js';
import { Trouble } from '../../../ui/trouble.js';
import { addressOfTab } from '../job-tabs.js';
import { usePages } from '../paged.js';
import { CALL_STATUS_WORDS } from './call-words.js';
import { CallsTable } from './calls-table.js';

/** Every call of the job with its attempts. The filter is part of the address. */
export function LedgerTab({ job }: { readonly job: Job }) {
  const { query, route } = useLocation();
  const status = CALL_STATUSES.find((known) => known === query.status);
  const { calls } = job;
  const version = `${calls.planned} ${calls.done} ${calls.failed} ${calls.unknown} ${calls.in_flight} ${calls.attempts}`;
  const list = usePages(`${job.id} ${status}`, version, async (from) => {
    const page = await client.value.calls(job.id, { ...from, ...(status !== undefined && { status: [status] }) });
    return { items: page.calls, nextCursor: page.next_cursor };
  });
  return (
    <>
      <div class="panel-head">
        <p class="quiet">
          {counted(calls.planned, 'call')} to the upstream, sent {counted(calls.attempts, 'time')}.
        </p>
        <StatusChoice
          status={status}
          onChange={(chosen) => route(addressOfTab(job.id, 'ledger', chosen === '' ? {} : { status: chosen }), true)}
        />
      </div>
      <Trouble error={list.error} onRetry={list.reload} />
      {list.items !== null && list.items.length > 0 && <CallsTable job={job} calls={list.items} />}
      {list.items?.length === 0 && <NoCalls status={status} />}
      {list.nextCursor !== null && (
        <div class="more">
          <Button isBusy={list.isLoading} onClick={list.loadMore}>
            Show more calls
          </Button>
        </div>
      )}
    </>
  );
}

interface StatusChoiceProps {
  readonly status: CallStatus | undefined;
  readonly onChange: (status: string) => void;
}

function StatusChoice({ status, onChange }: StatusChoiceProps) {
  return (
    <label>
      <span class="unseen">Status of calls</span>
      <select value={status ?? ''} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">Any status</option>
        {CALL_STATUSES.map((name) => (
          <option key={name} value={name}>
            {CALL_STATUS_WORDS[name]}
          </option>
        ))}
      </select>
    </label>
  );
}

function NoCalls({ status }: { readonly status: CallStatus | undefined }) {
  return status === undefined ? (
    <Empty title="No calls yet" words="The list is being packed into calls, so that they cost the least." />
  ) : (
    <Empty title={`No call is ${CALL_STATUS_WORDS[status].toLowerCase()}`} />
  );
}
