import type { EndpointName } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useResource } from '../../service/resource.js';
import { client } from '../../service/session.js';
import { Button } from '../../ui/button.js';
import { Panel } from '../../ui/panel.js';
import { Trouble } from '../../ui/trouble.js';
import { tagAddress } from './tag-address.js';
import { TargetHistory } from './target-history.js';

/** The service's largest page. */
const MOST_RUNS = 1000;

interface TargetPanelProps {
  readonly tag: string;
  readonly endpoint: EndpointName;
}

/** One target's numbers over the runs. */
export function TargetPanel({ tag, endpoint }: TargetPanelProps) {
  const { query, route } = useLocation();
  const target = query.target ?? '';
  const typed = useSignal(target);
  useEffect(() => {
    typed.value = target;
  }, [target]);
  return (
    <Panel title="One target over time" note="A domain or page of the list, as one of its rows has it.">
      <form
        class="target-form"
        onSubmit={(event) => {
          event.preventDefault();
          route(tagAddress(tag, { ...query, target: typed.value.trim() }), true);
        }}
      >
        <input
          type="text"
          aria-label="Target"
          placeholder="example.com"
          required
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
        <Button type="submit">Show its numbers</Button>
      </form>
      {target !== '' && <Loaded key={target} tag={tag} endpoint={endpoint} target={target} />}
    </Panel>
  );
}

function Loaded({ tag, endpoint, target }: TargetPanelProps & { readonly target: string }) {
  const { data, error, reload } = useResource((signal) =>
    client.value.tagTarget(tag, target, { endpoint, limit: MOST_RUNS, signal }),
  );
  return (
    <>
      <Trouble error={error} onRetry={reload} />
      {data !== null && <TargetHistory target={target} found={data} />}
    </>
  );
}
