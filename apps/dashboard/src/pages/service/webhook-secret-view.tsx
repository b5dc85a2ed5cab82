import { useSignal } from '@preact/signals';
import { client } from '../../service/session.js';
import { Button } from '../../ui/button.js';
import { CodeBlock } from '../../ui/code-block.js';
import { Confirm } from '../../ui/confirm.js';
import { Withheld } from '../../ui/withheld.js';

/** The secret is fetched only when somebody wants to see it. */
export function WebhookSecretView() {
  const secret = useSignal<string | null>(null);
  const error = useSignal<unknown>(null);
  const isRotating = useSignal(false);
  const show = async () => {
    try {
      secret.value = await client.value.webhookSecret();
      error.value = null;
    } catch (refusal) {
      error.value = refusal;
    }
  };
  return (
    <div class="webhook-secret">
      <h3>Signing secret</h3>
      <p class="quiet">Receivers check with it that a webhook is from here.</p>
      <Withheld error={error.value} />
      {secret.value !== null && <CodeBlock text={secret.value} />}
      <div class="webhook-actions">
        {secret.value === null ? (
          <Button icon="key" onClick={show}>
            Show the secret
          </Button>
        ) : (
          <Button
            onClick={() => {
              secret.value = null;
            }}
          >
            Hide it
          </Button>
        )}
        <Button
          icon="retry"
          onClick={() => {
            isRotating.value = true;
          }}
        >
          Rotate
        </Button>
      </div>
      {isRotating.value && (
        <Confirm
          title="Rotate the signing secret"
          action="Rotate it"
          onConfirm={async () => {
            secret.value = await client.value.rotateWebhookSecret();
          }}
          onClose={() => {
            isRotating.value = false;
          }}
        >
          <p>
            Webhooks are signed with a new secret from now on. For 24 hours they are signed with the old one too, so
            that you have the time to give the new one to your receivers.
          </p>
        </Confirm>
      )}
    </div>
  );
}
