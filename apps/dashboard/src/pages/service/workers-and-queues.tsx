import type { CapacityView } from '@linkhaul/schemas';
import { count } from '../../format/numbers.js';
import { Listing } from '../../ui/listing.js';
import { queueLines } from './capacity-words.js';

const WORKER_COLUMNS = [{ words: 'Worker' }, { words: 'Calls at once', isNumber: true }];
const QUEUE_COLUMNS = [{ words: 'Under way, of all tenants' }, { words: 'Number', isNumber: true }];

/** Each worker and each queue, if the service shows them to this caller. */
export function WorkersAndQueues({ capacity }: { readonly capacity: CapacityView }) {
  const workers = capacity.workers.list ?? [];
  const queues = queueLines(capacity);
  if (workers.length === 0 && queues.length === 0) return null;
  return (
    <div class="two-tables">
      {queues.length > 0 && (
        <Listing label="Queues" columns={QUEUE_COLUMNS}>
          {queues.map(({ words, count: number }) => (
            <tr key={words}>
              <td>{words}</td>
              <td class="number">{count(number)}</td>
            </tr>
          ))}
        </Listing>
      )}
      {workers.length > 0 && (
        <Listing label="Workers" columns={WORKER_COLUMNS}>
          {workers.map(({ name, places }) => (
            <tr key={name}>
              <td class="mono">{name}</td>
              <td class="number">{count(places)}</td>
            </tr>
          ))}
        </Listing>
      )}
    </div>
  );
}
