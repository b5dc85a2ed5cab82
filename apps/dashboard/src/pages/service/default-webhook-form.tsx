import type { DefaultWebhookSetting, WebhookTestReply } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { latency } from '../../format/times.js';
import { fieldErrorsOf } from '../../service/errors.js';
import { client } from '../../service/session.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { say } from '../../ui/toast.js';
import { isTaken, receiverWords } from './receiver-words.js';

/** One address, which can be tested before it is saved. */
export function DefaultWebhookForm({ setting }: { readonly setting: DefaultWebhookSetting }) {
  const saved = useSignal(setting);
  const url = useSignal(setting.url ?? '');
  const work = useSignal<'save' | 'test' | null>(null);
  const error = useSignal<unknown>(null);
  const reply = useSignal<WebhookTestReply | null>(null);
  const attempt = async (name: 'save' | 'test', act: () => Promise<void>) => {
    work.value = name;
    error.value = null;
    reply.value = null;
    try {
      await act();
    } catch (refusal) {
      error.value = refusal;
    }
    work.value = null;
  };
  const save = () =>
    attempt('save', async () => {
      const address = url.value.trim() === '' ? null : url.value.trim();
      saved.value = await client.value.setDefaultWebhook({ ...saved.value, url: address });
      say(
        address === null
          ? 'Jobs that name no webhook send none from now on.'
          : 'Jobs accepted from now on use this webhook.',
      );
    });
  const test = () =>
    attempt('test', async () => {
      reply.value = await client.value.testWebhook(url.value.trim());
    });
  return (
    <form
      class="webhook-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field
        label="URL"
        hint="Empty: no webhook. Jobs that were accepted before keep theirs."
        error={error.value === null ? null : [...fieldErrorsOf(error.value).values()].join(' ')}
        input={(props) => (
          <input
            {...props}
            type="url"
            placeholder="https://example.com/hooks"
            value={url.value}
            onInput={(event) => {
              url.value = event.currentTarget.value;
            }}
          />
        )}
      />
      <div class="webhook-actions">
        <Button type="submit" isBusy={work.value === 'save'} disabled={url.value.trim() === (saved.value.url ?? '')}>
          Save
        </Button>
        <Button isBusy={work.value === 'test'} disabled={url.value.trim() === ''} onClick={test}>
          Send a test
        </Button>
      </div>
      {reply.value !== null && <Reply reply={reply.value} />}
    </form>
  );
}

function Reply({ reply }: { readonly reply: WebhookTestReply }) {
  return (
    <div class="webhook-reply" role="status">
      <span class={`badge ${isTaken(reply) ? 'ok' : 'failed'}`}>
        <i aria-hidden="true" />
        {receiverWords(reply)} after {latency(reply.duration_ms)}
      </span>
      {reply.answer !== null && reply.answer !== '' && (
        <pre tabindex={0}>
          <code>{reply.answer}</code>
        </pre>
      )}
    </div>
  );
}
