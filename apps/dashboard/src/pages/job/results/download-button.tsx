import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { client, hasKey } from '../../../service/session.js';
import { Button } from '../../../ui/button.js';
import { Icon } from '../../../ui/icon.js';
import { Trouble } from '../../../ui/trouble.js';
import { type DownloadChoice, downloadPath, FORM_WORDS, fileName } from './download-choice.js';
import { saveDownload } from './save-download.js';

/** If the service needs no key, this is a plain link, and the browser does everything. */
export function DownloadButton({ choice }: { readonly choice: DownloadChoice }) {
  const words = `Download ${FORM_WORDS[choice.form].title}`;
  if (hasKey.value) return <KeyedDownload choice={choice} words={words} />;
  return (
    <div class="download-action">
      {/* With `download`, a refusal does not replace the page. */}
      <a class="button primary" href={`${downloadPath(choice)}&download=1`} download="">
        <Icon name="download" />
        {words}
      </a>
    </div>
  );
}

interface Saving {
  readonly bytes: number | null;
  readonly error: unknown;
}

const IDLE: Saving = { bytes: null, error: null };

function KeyedDownload({ choice, words }: { readonly choice: DownloadChoice; readonly words: string }) {
  const saving = useSignal(IDLE);
  const over = useRef(new AbortController());
  useEffect(() => () => over.current.abort(), []);
  const save = async () => {
    over.current = new AbortController();
    const { signal } = over.current;
    saving.value = { bytes: 0, error: null };
    try {
      await saveDownload((ended) => openDownload(choice, ended), {
        name: `${choice.jobId}-${fileName(choice)}`,
        signal,
        onBytes: (bytes) => {
          saving.value = { bytes, error: null };
        },
      });
      saving.value = IDLE;
    } catch (error) {
      saving.value = signal.aborted ? IDLE : { bytes: null, error };
    }
  };
  const { bytes, error } = saving.value;
  return (
    <div class="download-action">
      <Button kind="primary" icon="download" isBusy={bytes !== null} onClick={save}>
        {words}
      </Button>
      {bytes !== null && (
        <>
          <span class="quiet">{(bytes / 1e6).toFixed(1)} MB</span>
          <Button icon="cross" onClick={() => over.current.abort()}>
            Stop
          </Button>
        </>
      )}
      <Trouble error={error} onRetry={save} />
    </div>
  );
}

function openDownload(choice: DownloadChoice, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const { jobId, listing, form, statuses } = choice;
  const filter = {
    signal,
    ...(form === 'spreadsheet' && { spreadsheet: true }),
    ...(statuses.length > 0 && { status: statuses }),
  };
  const format = form === 'spreadsheet' ? 'csv' : form;
  if (listing === 'results') return client.value.download(jobId, { ...filter, format });
  return client.value.downloadRows(jobId, { ...filter, format: format === 'parquet' ? 'csv' : format });
}
