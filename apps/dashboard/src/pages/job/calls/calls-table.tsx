import type { Call, CallAttempt, Job } from '@linkhaul/schemas';
import { count, usd } from '../../../format/numbers.js';
import { latency, localTime } from '../../../format/times.js';
import { CALL_STATUS_WORDS, CALL_TONES, tookMs } from './call-words.js';

interface CallsTableProps {
  readonly job: Job;
  readonly calls: readonly Call[];
}

/** One line for each attempt. The call itself is shown only on the line of its first attempt. */
export function CallsTable({ job, calls }: CallsTableProps) {
  const isPaged = !job.endpoint.startsWith('bulk_');
  return (
    <section class="table-area" aria-label="Calls" tabindex={0}>
      <table class="data-table">
        <thead>
          <tr>
            <th scope="col" class="number">
              Call
            </th>
            <th scope="col">Status</th>
            <th scope="col" class="number">
              Targets
            </th>
            {isPaged && (
              <th scope="col" class="number">
                From item
              </th>
            )}
            <th scope="col">Sent</th>
            <th scope="col" class="number">
              Took
            </th>
            <th scope="col" class="number">
              Code
            </th>
            <th scope="col" class="number">
              Cost
            </th>
            <th scope="col">Worker</th>
            <th scope="col">Upstream's task</th>
          </tr>
        </thead>
        {calls.map((call) => (
          <CallRows key={call.call} call={call} isPaged={isPaged} />
        ))}
      </table>
    </section>
  );
}

function CallRows({ call, isPaged }: { readonly call: Call; readonly isPaged: boolean }) {
  const [first, ...later] = call.attempts;
  const span = Math.max(1, call.attempts.length);
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" class="number" rowSpan={span}>
          {call.call}
        </th>
        <td rowSpan={span}>
          <span class={`badge ${CALL_TONES[call.status]}`}>
            <i aria-hidden="true" />
            {CALL_STATUS_WORDS[call.status]}
          </span>
        </td>
        <td class="number" rowSpan={span}>
          {count(call.targets)}
        </td>
        {isPaged && (
          <td class="number" rowSpan={span}>
            {call.offset === null ? '–' : count(call.offset)}
          </td>
        )}
        {first === undefined ? (
          <td class="quiet" colSpan={6}>
            Not sent yet
          </td>
        ) : (
          <AttemptCells attempt={first} />
        )}
      </tr>
      {later.map((attempt) => (
        <tr key={attempt.tag} class="later-attempt">
          <AttemptCells attempt={attempt} />
        </tr>
      ))}
    </tbody>
  );
}

function AttemptCells({ attempt }: { readonly attempt: CallAttempt }) {
  const took = tookMs(attempt);
  return (
    <>
      <td>{attempt.sent_at === null ? '–' : <time dateTime={attempt.sent_at}>{localTime(attempt.sent_at)}</time>}</td>
      <td class="number">{took === null ? <span class="quiet">no answer</span> : latency(took)}</td>
      <td class="number">{attempt.code ?? '–'}</td>
      <td class="number">{attempt.cost_usd === null ? <span class="quiet">not known</span> : usd(attempt.cost_usd)}</td>
      <td class="mono">{attempt.worker ?? '–'}</td>
      <td class="mono" title={`Tag in the upstream's record: ${attempt.tag}`}>
        {attempt.upstream_task_id ?? '–'}
      </td>
    </>
  );
}
