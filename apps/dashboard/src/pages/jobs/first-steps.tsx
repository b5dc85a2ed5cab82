import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { useResource } from '../../service/resource.js';
import { client, hasKey } from '../../service/session.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { CodeBlock } from '../../ui/code-block.js';
import { Empty } from '../../ui/empty.js';
import { Trouble } from '../../ui/trouble.js';
import { EXAMPLE_TARGETS } from './example-targets.js';

const EXAMPLE = { endpoint: 'bulk_pages_summary', tag: 'first-list' } as const;

/** Shown in a new installation: an example list if nothing is bought for real, the form for a list, and a curl command. */
export function FirstSteps() {
  const { route } = useLocation();
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(null);
  const { data: capacity } = useResource((signal) => client.value.capacity({ signal }));
  const isSimulated = capacity?.upstream.simulated === true;
  const tryExample = async () => {
    isBusy.value = true;
    try {
      const job = await client.value.submit(EXAMPLE, EXAMPLE_TARGETS);
      route(`/jobs/${job.id}`);
    } catch (refusal) {
      error.value = refusal;
    }
    isBusy.value = false;
  };
  return (
    <Empty title="No jobs yet" words="A job asks one question about every row of a list of domains and pages.">
      <Trouble error={error.value} />
      <div class="first-steps">
        <ButtonLink href="/new" kind={isSimulated ? 'plain' : 'primary'} icon="plus">
          Send a list
        </ButtonLink>
        {isSimulated && (
          <Button kind="primary" icon="play" isBusy={isBusy.value} onClick={tryExample}>
            Try it with {EXAMPLE_TARGETS.length} known domains
          </Button>
        )}
      </div>
      <p class="quiet">Or from a terminal:</p>
      <CodeBlock text={curlLine(location.origin, hasKey.value)} />
    </Empty>
  );
}

function curlLine(address: string, needsKey: boolean): string {
  const key = needsKey ? ` \\\n  -H "Authorization: Bearer $LINKHAUL_API_KEY"` : '';
  return `curl ${address}/v1/jobs -H 'Content-Type: application/json'${key} \\
  -d '{ "endpoint": "bulk_backlinks", "tag": "first-list", "targets": ["example.com", "https://example.org/about"] }'`;
}
