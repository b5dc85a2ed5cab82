import { ENDPOINT_FORMS } from 'virtual:endpoint-forms';
import { endpointName, JOB_STATUSES } from '@linkhaul/schemas';
import { useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { STATUS_WORDS } from '../../format/words.js';
import type { JobsQuery } from '../../service/jobs-list.js';
import { Icon } from '../../ui/icon.js';
import { addressWith, isFiltered } from './jobs-query.js';

/** The list is requested once nothing was typed for this long. */
const TYPED_FOR_MS = 200;

export function JobsFilters({ query }: { readonly query: JobsQuery }) {
  const { query: address, route } = useLocation();
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const change = (changes: Record<string, string>) => route(addressWith(address, changes), true);
  const changeSoon = (changes: Record<string, string>) => {
    clearTimeout(typing.current);
    typing.current = setTimeout(() => change(changes), TYPED_FOR_MS);
  };
  return (
    <search class="filters">
      <label class="search">
        <span class="unseen">Search by id, tag or metadata</span>
        <Icon name="search" />
        <input
          type="search"
          placeholder="Search id, tag, metadata"
          value={query.q ?? ''}
          onInput={(event) => changeSoon({ q: event.currentTarget.value })}
        />
      </label>
      <Choice
        label="Status"
        all="Any status"
        value={query.status ?? ''}
        options={JOB_STATUSES.map((status) => [status, STATUS_WORDS[status]])}
        onChange={(status) => change({ status })}
      />
      <Choice
        label="Endpoint"
        all="Any endpoint"
        value={query.endpoint ?? ''}
        options={endpointName.options.map((name) => [name, ENDPOINT_FORMS[name].title])}
        onChange={(endpoint) => change({ endpoint })}
      />
      <label>
        <span class="unseen">Tag</span>
        <input
          type="text"
          placeholder="Tag"
          value={query.tag ?? ''}
          onInput={(event) => changeSoon({ tag: event.currentTarget.value })}
        />
      </label>
      <label>
        <span class="unseen">Metadata, such as customer=acme</span>
        <input
          type="text"
          placeholder="Metadata: name=value"
          value={address.metadata ?? ''}
          onInput={(event) => changeSoon({ metadata: event.currentTarget.value })}
        />
      </label>
      {isFiltered(query) && <a href="/">Clear</a>}
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly all: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, all, value, options, onChange }: ChoiceProps) {
  return (
    <label>
      <span class="unseen">{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{all}</option>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
