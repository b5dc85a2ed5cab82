import { useResource } from '../../service/resource.js';
import { client } from '../../service/session.js';
import { Panel } from '../../ui/panel.js';
import { Withheld } from '../../ui/withheld.js';
import { DefaultWebhookForm } from './default-webhook-form.js';
import { WebhookSecretView } from './webhook-secret-view.js';

/** The webhook for jobs that name none, and the secret that signs its events. */
export function WebhooksPanel({ maySet }: { readonly maySet: boolean }) {
  const { data, error, reload } = useResource((signal) => client.value.defaultWebhook({ signal }));
  if (data === null && error === null) return null;
  return (
    <Panel title="Default webhook" note="Where events go of jobs that name no webhook of their own.">
      <Withheld error={error} onRetry={reload} />
      {data !== null && !maySet && (
        <p>
          {data.url ?? 'There is none.'} <span class="quiet">To change it needs a key with the scope admin.</span>
        </p>
      )}
      {data !== null && maySet && (
        <>
          <DefaultWebhookForm setting={data} />
          <WebhookSecretView />
        </>
      )}
    </Panel>
  );
}
