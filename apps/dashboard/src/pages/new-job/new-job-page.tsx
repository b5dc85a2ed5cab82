import { ENDPOINT_FORMS } from 'virtual:endpoint-forms';
import { useEffect, useMemo } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Draft } from './draft.js';
import { EndpointChoice } from './endpoint-choice.js';
import { formErrors } from './errors.js';
import { LeaveGuard } from './leave-guard.js';
import { ListSection } from './list/list-section.js';
import { createNewJob, type NewJob } from './new-job-state.js';
import { Options } from './options/options.js';
import { Parameters } from './parameters/parameters.js';
import { EstimatePanel } from './price/estimate-panel.js';
import { SendBar } from './send/send-bar.js';
import { createSending, type Sending } from './send/send-job.js';
import './new-job-page.css';

/** The form for a new job: a list, a question about it, and the resulting price. */
export function NewJobPage() {
  const { route } = useLocation();
  const job = useMemo(createNewJob, []);
  const sending = useMemo(createSending, []);
  useEffect(() => {
    document.title = 'New job · Linkhaul';
    const end = job.start();
    return () => {
      end();
      sending.stop();
    };
  }, [job, sending]);
  const errors = formErrors(job.ownErrors.value, refusalOf(job, sending));
  const send = async () => {
    const request = job.request.value;
    if (request === null || sending.sent.value !== null) return;
    const id = await sending.send(request);
    if (id === null) return;
    job.setSource(null);
    // Replaces the history entry of the form.
    route(`/jobs/${id}`, true);
  };
  return (
    <>
      <h1>New job</h1>
      <div class="new-job">
        <div class="new-job-form">
          <ListSection job={job} errors={errors} />
          <Questions job={job} errors={errors} />
        </div>
        <aside class="card price" aria-labelledby="price-title">
          <h2 id="price-title">What it comes to</h2>
          <EstimatePanel job={job} />
          <SendBar job={job} sending={sending} errors={errors} onSend={send} />
        </aside>
      </div>
      <LeaveGuard isNeeded={job.source.value !== null} />
    </>
  );
}

function Questions({ job, errors }: { readonly job: NewJob; readonly errors: ReturnType<typeof formErrors> }) {
  const draft = job.draft.value;
  const { params, isPaged } = ENDPOINT_FORMS[draft.endpoint];
  const change = (changes: Partial<Draft>) => {
    job.draft.value = { ...job.draft.value, ...changes };
  };
  return (
    <>
      <section class="card" aria-labelledby="question-title">
        <h2 id="question-title">Question</h2>
        <EndpointChoice value={draft.endpoint} onChange={(endpoint) => change({ endpoint })} />
        <Parameters
          forms={params}
          draft={draft.params}
          errors={errors}
          onChange={(changed) => change({ params: changed })}
        />
      </section>
      <section class="card" aria-labelledby="options-title">
        <h2 id="options-title">Job</h2>
        <Options draft={draft} errors={errors} isPaged={isPaged} onChange={change} />
      </section>
    </>
  );
}

/** The service's newest refusal of the form's present content. */
function refusalOf(job: NewJob, sending: Sending): unknown {
  const request = job.request.value;
  if (sending.error.value !== null && sending.failed.value === request) return sending.error.value;
  const { error, of } = job.pricing.price.value;
  return of?.list === request?.list ? error : null;
}
