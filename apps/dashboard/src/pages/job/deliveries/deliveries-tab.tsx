import type { DeliveryView, Job } from '@linkhaul/schemas';
import { useEffect } from 'preact/hooks';
import { now } from '../../../service/clock.js';
import { client, hasKey } from '../../../service/session.js';
import { Button, ButtonLink } from '../../../ui/button.js';
import { CodeBlock } from '../../../ui/code-block.js';
import { Empty } from '../../../ui/empty.js';
import { Trouble } from '../../../ui/trouble.js';
import { usePages } from '../paged.js';
import { Delivery } from './delivery.js';
import './deliveries.css';

/** While an attempt is due, the deliveries are loaded again this often. */
const AFTER_DUE_MS = 2000;

function awaitsAttempt({ status, next_attempt_at: next }: DeliveryView): boolean {
  return status === 'pending' && (next === null || Date.parse(next) <= now.value);
}

/** The job's webhooks: each event, its receiver, and the receiver's answers. */
export function DeliveriesTab({ job }: { readonly job: Job }) {
  const list = usePages<DeliveryView>(job.id, `${job.status} ${job.history.length}`, async (from) => {
    const page = await client.value.deliveries({ ...from, job: job.id });
    return { items: page.deliveries, nextCursor: page.next_cursor };
  });
  const isDue = (list.items ?? []).some(awaitsAttempt);
  useEffect(() => {
    const timer = isDue ? setTimeout(list.reload, AFTER_DUE_MS) : undefined;
    return () => clearTimeout(timer);
  }, [isDue, list.items]);
  return (
    <>
      <div class="panel-head">
        <p class="quiet">
          {job.webhook === null
            ? 'Events go to the default webhook, if there is one.'
            : `Events go to ${job.webhook.url}.`}
        </p>
        <Button icon="retry" isBusy={list.isLoading} onClick={list.reload}>
          Reload
        </Button>
      </div>
      <Trouble error={list.error} onRetry={list.reload} />
      {list.items?.length === 0 && list.nextCursor === null && <NoDeliveries job={job} />}
      {list.items !== null && list.items.length > 0 && (
        <ul class="deliveries">
          {list.items.map((delivery) => (
            <Delivery key={`${delivery.id} ${delivery.url}`} delivery={delivery} onChange={list.reload} />
          ))}
        </ul>
      )}
      {list.nextCursor !== null && (
        <div class="more">
          <Button isBusy={list.isLoading} onClick={list.loadMore}>
            Show more deliveries
          </Button>
        </div>
      )}
    </>
  );
}

function NoDeliveries({ job }: { readonly job: Job }) {
  if (job.webhook !== null) {
    return <Empty title="Nothing delivered yet" words="The first event comes when the job is paused or finished." />;
  }
  return (
    <Empty
      title="No webhook for this job"
      words="A webhook tells your program when a job is paused, resumed or finished. Name one when you send a list, or set one for all jobs that name none: at Service, or by this line."
    >
      <ButtonLink href="/service">To the default webhook</ButtonLink>
      <CodeBlock text={defaultWebhookLine()} />
    </Empty>
  );
}

function defaultWebhookLine(): string {
  const key = hasKey.value ? ` \\\n  -H "Authorization: Bearer $LINKHAUL_API_KEY"` : '';
  return `curl -X PUT ${location.origin}/v1/webhooks/default -H 'Content-Type: application/json'${key} \\
  -d '{ "url": "https://example.com/hooks/linkhaul" }'`;
}
