import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { bytes } from '../../../format/bytes.js';
import { Button } from '../../../ui/button.js';
import { Icon } from '../../../ui/icon.js';
import type { NewJob, Source } from '../new-job-state.js';
import { fileAsLines, jsonAsLines } from './json-lines.js';

const TAKEN = '.txt,.csv,.tsv,.ndjson,.jsonl,.json,.gz,text/*,application/gzip,application/x-ndjson,application/json';

/** Takes a list that is typed, pasted, dropped anywhere on the page, or chosen as a file. */
export function ListInput({ job }: { readonly job: NewJob }) {
  const text = useSignal('');
  const chooser = useRef<HTMLInputElement>(null);
  const newest = useRef<File>(undefined);
  const takeFile = async (file: File) => {
    newest.current = file;
    const taken = await fileAsLines(file);
    if (newest.current === file) job.setSource(taken);
  };
  const isOver = useFileDrop(takeFile);
  const source = job.source.value;
  const take = (typed: string) => {
    text.value = typed;
    newest.current = undefined;
    job.setSource(typed.trim() === '' ? null : { list: new Blob([jsonAsLines(typed) ?? typed]), name: null });
  };
  return (
    <div class={`list-input ${isOver ? 'over' : ''}`}>
      {source === null || source.name === null ? (
        <label>
          <span class="unseen">Targets, one per line, or cells copied from a spreadsheet</span>
          <textarea
            rows={source === null ? 7 : 5}
            spellcheck={false}
            placeholder={'example.com\nhttps://example.org/about'}
            value={text.value}
            onInput={(event) => take(event.currentTarget.value)}
          />
        </label>
      ) : (
        <ChosenFile source={source} onRemove={() => take(text.value)} />
      )}
      <div class="list-actions">
        <Button icon="upload" onClick={() => chooser.current?.click()}>
          {source?.name == null ? 'Choose a file' : 'Choose another file'}
        </Button>
        <p class="quiet">or drop one on this page: text, CSV, TSV, JSON, NDJSON, gzip, UTF-16</p>
        <input
          ref={chooser}
          class="unseen"
          type="file"
          tabindex={-1}
          aria-label="A file with targets"
          accept={TAKEN}
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            // Otherwise the same file could not be chosen again after a change.
            currentTarget.value = '';
            if (file !== undefined) void takeFile(file);
          }}
        />
      </div>
      {isOver && (
        <p class="drop-here" role="status">
          Drop the file to use it as the list
        </p>
      )}
    </div>
  );
}

function ChosenFile({ source, onRemove }: { readonly source: Source; readonly onRemove: () => void }) {
  return (
    <div class="chosen-file">
      <Icon name="jobs" />
      <strong class="clip">{source.name}</strong>
      <span class="quiet">{bytes(source.list.size)}</span>
      <Button kind="bare" icon="cross" label="Remove the file" onClick={onRemove}>
        {null}
      </Button>
    </div>
  );
}

/** True while a file is held over the page. */
function useFileDrop(onFile: (file: File) => unknown): boolean {
  const isOver = useSignal(false);
  const take = useRef(onFile);
  take.current = onFile;
  useEffect(() => {
    const over = new AbortController();
    const on = (name: 'dragover' | 'dragleave' | 'drop', hear: (event: DragEvent) => void) =>
      document.addEventListener(name, hear, { signal: over.signal });
    on('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      isOver.value = true;
    });
    on('dragleave', (event) => {
      if (event.relatedTarget === null) isOver.value = false;
    });
    on('drop', (event) => {
      isOver.value = false;
      const file = event.dataTransfer?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      take.current(file);
    });
    return () => over.abort();
  }, []);
  return isOver.value;
}
