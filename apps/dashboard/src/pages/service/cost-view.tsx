import { ENDPOINT_FORMS } from 'virtual:endpoint-forms';
import type { UsageGroup } from '@linkhaul/client/browser';
import type { EndpointName } from '@linkhaul/schemas';
import { useMemo } from 'preact/hooks';
import { count, share, usd } from '../../format/numbers.js';
import { useResource } from '../../service/resource.js';
import { client } from '../../service/session.js';
import { Chart } from '../../ui/chart.js';
import { Listing } from '../../ui/listing.js';
import { Withheld } from '../../ui/withheld.js';
import { Figure } from './figure.js';
import { byDay, type Days, rangeOf, type UsageLine, usageLines } from './usage-groups.js';

/** The service's largest page. */
const MOST_GROUPS = 1000;

/** A chart by days, or bars for the most expensive groups, above a table of the same numbers. */
export function CostView({ group, days }: { readonly group: UsageGroup; readonly days: Days }) {
  const { data, error, reload } = useResource((signal) =>
    client.value.usage({ ...rangeOf(days), groupBy: [group], limit: MOST_GROUPS, signal }),
  );
  const lines = useMemo(() => (data === null ? [] : usageLines(data.usage, group)), [data, group]);
  if (data === null) {
    return error === null ? <div class="cost-place" aria-busy="true" /> : <Withheld error={error} onRetry={reload} />;
  }
  const { total } = data;
  return (
    <>
      <dl class="figures">
        <Figure title="Spent" value={usd(total.spent_usd)} note={wastedWords(total)} />
        <Figure title="Calls" value={count(total.calls)} />
        <Figure title="Items" value={count(total.items)} />
      </dl>
      {group === 'day' && <DaysChart lines={lines} days={days} />}
      {lines.length === 0 ? (
        <p class="quiet">Nothing was bought in these days.</p>
      ) : (
        <CostTable lines={group === 'day' ? lines.toReversed() : lines} group={group} spent={total.spent_usd} />
      )}
      {data.next_cursor !== null && <p class="quiet">There are more groups: the CSV file has all.</p>}
    </>
  );
}

function wastedWords({ wasted_usd, unconfirmed_usd }: { wasted_usd: number; unconfirmed_usd: number }) {
  const parts = [
    wasted_usd > 0 && `${usd(wasted_usd)} of it for answers that were lost`,
    unconfirmed_usd > 0 && `${usd(unconfirmed_usd)} more not confirmed yet`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? undefined : parts.join('; ');
}

function DaysChart({ lines, days }: { readonly lines: readonly UsageLine[]; readonly days: Days }) {
  const { times, values } = useMemo(() => byDay(lines, days), [lines, days]);
  const bars = useMemo(() => [{ label: 'Spent', colour: '--accent', values, isFilled: true, isBars: true }], [values]);
  if (times.length < 2) return null;
  return <Chart label="Cost of each day" times={times} lines={bars} format={usd} height={180} />;
}

interface CostTableProps {
  readonly lines: readonly UsageLine[];
  readonly group: UsageGroup;
  readonly spent: number;
}

function CostTable({ lines, group, spent }: CostTableProps) {
  const most = Math.max(...lines.map((line) => line.spent));
  return (
    <div class="cost-table">
      <Listing
        label={`Cost by ${group}`}
        columns={[
          { words: titleOf(group) },
          { words: 'Share', isWide: true },
          { words: 'Spent', isNumber: true },
          { words: 'Calls', isNumber: true },
          { words: 'Items', isNumber: true, isWide: true },
          { words: 'Lost', isNumber: true, isWide: true },
        ]}
      >
        {lines.map((line) => (
          <tr key={line.group}>
            <td class="cost-group">
              {line.group === null ? <span class="quiet">none</span> : groupWords(group, line.group)}
            </td>
            <td class="wide cost-bar">
              <span class="share-bar" aria-hidden="true">
                <span style={{ width: `${most === 0 ? 0 : (line.spent / most) * 100}%` }} />
              </span>
              <span class="quiet">{shareWords(line.spent, spent)}</span>
            </td>
            <td class="number">{usd(line.spent)}</td>
            <td class="number">{count(line.calls)}</td>
            <td class="number wide">{count(line.items)}</td>
            <td class="number wide">{line.wasted === 0 ? '–' : usd(line.wasted)}</td>
          </tr>
        ))}
      </Listing>
    </div>
  );
}

function shareWords(part: number, whole: number): string {
  if (whole === 0) return '–';
  return part > 0 && part / whole < 0.001 ? '< 0.1%' : share(part / whole);
}

function groupWords(group: UsageGroup, value: string): string {
  return group === 'endpoint' && isEndpoint(value) ? ENDPOINT_FORMS[value].title : value;
}

function isEndpoint(name: string): name is EndpointName {
  return name in ENDPOINT_FORMS;
}

function titleOf(group: UsageGroup): string {
  const name = group.startsWith('metadata.') ? group.slice('metadata.'.length) : group;
  return name.charAt(0).toUpperCase() + name.slice(1);
}
