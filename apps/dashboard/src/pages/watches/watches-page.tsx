import { useEffect } from 'preact/hooks';
import { useResource } from '../../service/resource.js';
import { client } from '../../service/session.js';
import { Empty } from '../../ui/empty.js';
import { Withheld } from '../../ui/withheld.js';
import { WatchesTable } from './watches-table.js';
import './watches.css';

const EVERY_MS = 15_000;
/** The most watches that a tenant may have. */
const MOST = 100;

/** Lists that are run again by a schedule, with their next run and the last changes. */
export function WatchesPage() {
  const { data, error, reload } = useResource((signal) => client.value.watches({ limit: MOST, signal }), EVERY_MS);
  useEffect(() => {
    document.title = 'Watches · Linkhaul';
  }, []);
  return (
    <>
      <header class="page-head">
        <h1>Watches</h1>
        <p class="quiet">Lists that are run again by a schedule, within a budget.</p>
      </header>
      <Withheld error={error} onRetry={reload} />
      {data !== null && data.watches.length > 0 && <WatchesTable watches={data.watches} onChange={reload} />}
      {data?.watches.length === 0 && (
        <Empty
          title="No watches yet"
          words="linkhaul watches set, or PUT /v1/watches, keeps a list and runs it every week, say: here you see what has changed."
        />
      )}
    </>
  );
}
