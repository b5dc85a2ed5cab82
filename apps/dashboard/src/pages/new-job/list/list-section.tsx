import { Button } from '../../../ui/button.js';
import { Icon } from '../../../ui/icon.js';
import type { FormErrors } from '../errors.js';
import type { NewJob } from '../new-job-state.js';
import { ListInput } from './list-input.js';
import { ListPreview } from './list-preview.js';
import { ListReading } from './list-reading.js';
import { isText } from './read-head.js';
import { formOf, type Reading } from './reading.js';
import './list.css';

/** The job's list: its source, how it is read, and its first rows. */
export function ListSection({ job, errors }: { readonly job: NewJob; readonly errors: FormErrors }) {
  return (
    <section class="card" aria-labelledby="list-title">
      <h2 id="list-title">List</h2>
      <ListInput job={job} />
      <TakenForTable job={job} />
      {errors.ofList !== null && (
        <p class="field-error" role="alert">
          {errors.ofList}
        </p>
      )}
      <TakenList job={job} />
    </section>
  );
}

function TakenList({ job }: { readonly job: NewJob }) {
  const { source, head, reading, pricing } = job;
  if (source.value === null || head.value === null || !isText(head.value)) return null;
  const isOfSets = job.isOfSets.value;
  const form = formOf(head.value, source.value.name, { reading: reading.value, isOfSets });
  const { estimate, of } = pricing.price.value;
  // A report about another list, or another reading, is not shown for this one.
  const input = of?.list === source.value.list && of.form.format === form.format ? estimate?.input : undefined;
  const change = (changes: Partial<Reading>) => {
    reading.value = { ...reading.value, ...changes };
  };
  return (
    <>
      <ListReading form={form} reading={reading.value} input={input} onChange={change} />
      <ListPreview
        head={head.value}
        format={form.format ?? 'text'}
        input={input}
        column={form.column ?? null}
        idColumn={form.idColumn ?? null}
        onColumn={(column) => change({ column, ...(column === reading.value.idColumn && { idColumn: null }) })}
        onIdColumn={(idColumn) => change({ idColumn })}
      />
      {form.format === 'csv' && !isOfSets && (
        <p class="quiet">Click the name of the column that holds your domains or pages.</p>
      )}
      {isOfSets && (
        <p class="quiet">
          Each row is a set: <code>a.com b.com -c.com</code>, or in a table the columns <code>target_1</code>,{' '}
          <code>target_2</code>, <code>exclude_1</code>.
        </p>
      )}
    </>
  );
}

/** Tells the user that the page reads the list as a table, as the service suggested, and offers to undo that. */
function TakenForTable({ job }: { readonly job: NewJob }) {
  const isText = job.reading.value.format === 'text';
  if (!job.isTakenForTable.value || isText) return null;
  return (
    <div class="notice" role="status">
      <Icon name="warning" />
      <p>The lines look like columns, so they are read as a table.</p>
      <Button
        onClick={() => {
          job.reading.value = { ...job.reading.value, format: 'text', separator: 'none' };
        }}
      >
        Each line is one target
      </Button>
    </div>
  );
}
