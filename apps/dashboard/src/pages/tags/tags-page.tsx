import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { counted } from '../../format/numbers.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { Empty } from '../../ui/empty.js';
import { Icon } from '../../ui/icon.js';
import { Withheld } from '../../ui/withheld.js';
import { matching } from './tag-address.js';
import { openTagsList } from './tags-list.js';
import { TagsTable } from './tags-table.js';
import './tags.css';

const SHOWN = 50;

/** All tags of the tenant. */
export function TagsPage() {
  const { query, route } = useLocation();
  const list = useMemo(openTagsList, []);
  useEffect(() => () => list.close(), [list]);
  useEffect(() => {
    document.title = 'Tags · Linkhaul';
  }, []);
  const most = useSignal(SHOWN);
  const names = list.names.value;
  const found = names === null ? [] : matching(names, query.q ?? '');
  return (
    <>
      <header class="page-head">
        <h1>Tags</h1>
        <p class="quiet">Jobs that ask the same question again and again: one run after the other.</p>
      </header>
      {names !== null && names.length > 0 && (
        <search class="tags-search">
          <label class="search">
            <span class="unseen">Search tags by name</span>
            <Icon name="search" />
            <input
              type="search"
              placeholder="Search by name"
              value={query.q ?? ''}
              onInput={({ currentTarget: { value } }) => {
                most.value = SHOWN;
                route(value === '' ? '/tags' : `/tags?${new URLSearchParams({ q: value })}`, true);
              }}
            />
          </label>
          <span class="quiet" role="status">
            {found.length === names.length
              ? counted(names.length, 'tag')
              : `${found.length} of ${counted(names.length, 'tag')}`}
          </span>
        </search>
      )}
      <Withheld error={list.error.value} onRetry={list.reload} />
      {found.length > 0 && <TagsTable list={list} tags={found.slice(0, most.value)} />}
      {names?.length === 0 && <NoTags />}
      {names !== null && names.length > 0 && found.length === 0 && (
        <Empty title="No tag has this in its name">
          <a href="/tags">Show all tags</a>
        </Empty>
      )}
      {found.length > most.value && (
        <div class="more">
          <Button
            onClick={() => {
              most.value += SHOWN;
            }}
          >
            Show more tags
          </Button>
        </div>
      )}
    </>
  );
}

function NoTags() {
  return (
    <Empty
      title="No tags yet"
      words="Give a job a tag, and send the same list with the same tag again: here you see what has changed between the runs."
    >
      <ButtonLink href="/new" kind="primary" icon="plus">
        Send a list
      </ButtonLink>
    </Empty>
  );
}
