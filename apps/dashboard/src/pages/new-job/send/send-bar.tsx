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

/** The button that starts the job, and how far the list is sent. */
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

/** The service has said of just this request that it would refuse it. */
function isRefused({ request, pricing }: NewJob): boolean {
  const { error, of } = pricing.price.value;
  return of === request.value && error instanceof LinkhaulProblem && !error.retryable;
}

/** A list may have been taken though its answer was lost: the next attempt finds that job by its key. */
function messagesOf(sending: Sending, errors: FormErrors): readonly string[] {
  if (!(sending.error.value instanceof LinkhaulUnreachable)) return errors.others;
  return ['The service did not answer. Press again: it knows the list by its key, and buys nothing twice.'];
}

/** All bytes are sent before the service has read and stored the last of them. */
function sendingWords(sent: number): string {
  return sent < 1 ? `Sending, ${share(sent)}` : 'The service takes it in…';
}
