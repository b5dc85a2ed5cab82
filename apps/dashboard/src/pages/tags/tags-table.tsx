import { ENDPOINT_FORMS } from 'virtual:endpoint-forms';
import type { Job } from '@linkhaul/schemas';
import { useEffect } from 'preact/hooks';
import { count, usd } from '../../format/numbers.js';
import { age, localTime } from '../../format/times.js';
import { now } from '../../service/clock.js';
import { JobBadge } from '../../ui/badge.js';
import { Listing } from '../../ui/listing.js';
import { OutcomeBar } from '../../ui/outcome-bar.js';
import { tagAddress } from './tag-address.js';
import type { TagsList } from './tags-list.js';

const COLUMNS = [
  { words: 'Tag' },
  { words: 'Latest run' },
  { words: 'Rows', isWide: true },
  { words: 'Cost', isNumber: true, isWide: true },
  { words: 'Sent', isNumber: true },
];

export function TagsTable({ list, tags }: { readonly list: TagsList; readonly tags: readonly string[] }) {
  return (
    <div class="tags-table">
      <Listing label="Tags" columns={COLUMNS}>
        {tags.map((tag) => (
          <TagRow key={tag} tag={tag} list={list} />
        ))}
      </Listing>
    </div>
  );
}

function TagRow({ tag, list }: { readonly tag: string; readonly list: TagsList }) {
  useEffect(() => list.want(tag), [tag, list]);
  const job = list.latest.value.get(tag);
  return (
    <tr>
      <td class="tag-name">
        <a href={tagAddress(tag)}>{tag}</a>
        <span class="under">{job === undefined ? '\u00a0' : ENDPOINT_FORMS[job.endpoint].title}</span>
      </td>
      <td>{job !== undefined && <JobBadge job={job} />}</td>
      <td class="wide tag-rows">{job !== undefined && <Rows job={job} />}</td>
      <td class="wide number">{job !== undefined && usd(job.cost.spent_usd)}</td>
      <td class="number">
        {job !== undefined && (
          <time dateTime={job.created_at} title={localTime(job.created_at)}>
            {age(job.created_at, now.value)}
          </time>
        )}
      </td>
    </tr>
  );
}

function Rows({ job: { rows } }: { readonly job: Job }) {
  return (
    <>
      <OutcomeBar rows={rows} />
      <span class="under">
        {rows.pending > 0 ? `${count(rows.total - rows.pending)} of ${count(rows.total)}` : count(rows.total)}
      </span>
    </>
  );
}
