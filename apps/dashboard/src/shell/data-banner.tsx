import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { onJobsChange } from '../service/changes.js';
import { client } from '../service/session.js';
import './data-banner.css';

/** Whether the data of new jobs is simulated; null while no upstream has said so. */
const isSimulated = signal<boolean | null>(null);

/** Says that nothing here is real where the upstream simulates, so that nobody takes the numbers for bought ones. */
export function DataBanner() {
  useEffect(() => {
    void client.value.capacity().then(({ upstream }) => {
      isSimulated.value = upstream.simulated;
    }, ignore);
    return onJobsChange((change) => {
      if (change.type === 'job' && change.job.upstream.simulated !== null) {
        isSimulated.value = change.job.upstream.simulated;
      }
    });
  }, []);
  if (isSimulated.value !== true) return null;
  return (
    <aside class="data-banner" aria-label="About the data">
      <strong>Simulated data.</strong> The upstream here generates its answers: the numbers are made up, and nothing is
      bought.
    </aside>
  );
}

/** Before a worker has started nobody knows; the pages themselves say what else is wrong. */
function ignore(): void {}
