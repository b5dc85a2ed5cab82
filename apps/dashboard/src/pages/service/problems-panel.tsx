import type { ProblemMet } from '@linkhaul/schemas';
import { count } from '../../format/numbers.js';
import { age, localTime } from '../../format/times.js';
import { now } from '../../service/clock.js';
import { useResource } from '../../service/resource.js';
import { client } from '../../service/session.js';
import { Listing } from '../../ui/listing.js';
import { Panel } from '../../ui/panel.js';
import { Withheld } from '../../ui/withheld.js';

const EVERY_MS = 30_000;
const COLUMNS = [
  { words: 'What' },
  { words: 'Code' },
  { words: 'Times', isNumber: true },
  { words: 'Last', isNumber: true },
  { words: 'Jobs', isWide: true },
  { words: 'Tenant', isWide: true },
];

const KIND_WORDS: Readonly<Record<ProblemMet['kind'], string>> = {
  call: 'Failed calls',
  pause: 'Pauses',
  delivery: 'Failed deliveries',
  look_up: 'Failed look-ups',
};

/** What went wrong in the last day, by kind. */
export function ProblemsPanel() {
  const { data, error, reload } = useResource((signal) => client.value.problems({ signal }), EVERY_MS);
  if (data === null && error === null) return null;
  return (
    <Panel title="Problems of the last day">
      <Withheld error={error} onRetry={reload} />
      {data !== null && data.problems.length === 0 && <p class="quiet">Nothing went wrong in the last 24 hours.</p>}
      {data !== null && data.problems.length > 0 && (
        <Listing label="Problems" columns={COLUMNS}>
          {data.problems.map((problem) => (
            <ProblemRow key={`${problem.kind} ${problem.code} ${problem.tenant}`} problem={problem} />
          ))}
        </Listing>
      )}
    </Panel>
  );
}

function ProblemRow({
  problem: { kind, code, tenant, count: times, last_at, jobs, detail },
}: {
  readonly problem: ProblemMet;
}) {
  return (
    <tr>
      <td>{KIND_WORDS[kind]}</td>
      <td class="problem-code">
        <span class="mono">{code}</span>
        {detail !== null && <span class="under">{detail}</span>}
      </td>
      <td class="number">{count(times)}</td>
      <td class="number">
        <time title={localTime(last_at)}>{age(last_at, now.value)}</time>
      </td>
      <td class="wide problem-jobs">
        {jobs.map((job) => (
          <a key={job} class="mono" href={`/jobs/${job}`}>
            {job}
          </a>
        ))}
      </td>
      <td class="wide">{tenant ?? '–'}</td>
    </tr>
  );
}
