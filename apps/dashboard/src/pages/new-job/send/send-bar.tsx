import { LinkhaulProblem, LinkhaulUnreachable } from '@linkhaul/client/browser';
import { share } from '../../../format/numbers.js';
import { Button } from '../../../ui/button.js';
import type { FormErrors } from '../errors.js';
import type { NewJob } from '../new-job-state.js';
import { actionWords } from '../price/estimate-words.js';
import type { Sending } from './send-job.js';

interface SendBarProps {
  readonly job: NewJob;
  readonly sending: Sending;
  readonly errors: FormErrors;
  readonly onSend: () => void;
}

/** The button that starts the job, and the progress of sending the list. */
export function SendBar({ job, sending, errors, onSend }: SendBarProps) {
  const { estimate } = job.pricing.price.value;
  const sent = sending.sent.value;
  const hasNoRows = estimate !== null && estimate.rows === estimate.invalid;
  const isPossible = job.request.value !== null && !hasNoRows && !isRefused(job);
  return (
    <div class="send-bar">
      {messagesOf(sending, errors).map((message) => (
        <p key={message} class="trouble-line" role="alert">
          {message}
        </p>
      ))}
      {(errors.hasFields || errors.ofList !== null) && (
        <p class="trouble-line">Something in the form has to be changed first.</p>
      )}
      <Button kind="primary" isBusy={sent !== null} disabled={!isPossible} onClick={onSend}>
        {sent === null ? actionWords(estimate, job.draft.value.isManual) : sendingWords(sent)}
      </Button>
      {sent !== null && (
        <>
          <progress aria-label="Sent of the list" max={1} value={sent} />
          <Button onClick={sending.stop}>Stop sending</Button>
        </>
      )}
    </div>
  );
}

/** Whether the service has said that it would refuse exactly this request. */
function isRefused({ request, pricing }: NewJob): boolean {
  const { error, of } = pricing.price.value;
  return of === request.value && error instanceof LinkhaulProblem && !error.retryable;
}

/** If the answer was lost, the job may exist. The next attempt finds it by its key. */
function messagesOf(sending: Sending, errors: FormErrors): readonly string[] {
  if (!(sending.error.value instanceof LinkhaulUnreachable)) return errors.others;
  return ['The service did not answer. Press again: it knows the list by its key, and buys nothing twice.'];
}

/** After the last byte is sent, the service still has to read and store it. */
function sendingWords(sent: number): string {
  return sent < 1 ? `Sending, ${share(sent)}` : 'The service takes it in…';
}
