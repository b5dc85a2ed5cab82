import { type CapacityView, importedInWords } from '@linkhaul/schemas';
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { onJobsChange } from '../service/changes.js';
import { client } from '../service/session.js';
import './data-banner.css';

/** The upstream's report about its data; null before there is one. */
const upstream = signal<CapacityView['upstream'] | null>(null);

/** Says where the numbers come from if they were not bought, so that nobody takes them for bought ones. */
export function DataBanner() {
  useEffect(() => {
    readUpstream();
    return onJobsChange((change) => {
      const simulated = change.type === 'job' ? change.job.upstream.simulated : null;
      if (simulated !== null && simulated !== upstream.value?.simulated) readUpstream();
    });
  }, []);
  const { simulated, origin } = upstream.value ?? {};
  const imported = origin && origin.kind !== 'generated' ? `${importedInWords(origin)}.` : '';
  if (simulated !== true && imported === '') return null;
  return (
    <aside class={`data-banner ${simulated ? 'simulated' : ''}`} aria-label="About the data">
      {simulated ? (
        <>
          <strong>Simulated data.</strong> The upstream here generates its answers: the numbers are made up, and nothing
          is bought. {imported && `Imported, too: ${imported}`}
        </>
      ) : (
        <>
          <strong>Imported data.</strong> {imported} Nothing is known of the rest of the web.
        </>
      )}
    </aside>
  );
}

function readUpstream(): void {
  void client.value.capacity().then((capacity) => {
    upstream.value = capacity.upstream;
  }, ignore);
}

/** Before a worker has started, the origin is unknown. Other errors are shown by the pages themselves. */
function ignore(): void {}
