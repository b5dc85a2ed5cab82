import { ENDPOINT_FORMS } from 'virtual:endpoint-forms';
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Draft, EMPTY_DRAFT, fieldsOf } from './draft.js';
import { type Head, readHead } from './list/read-head.js';
import { FOUND_OUT, formOf, type Reading } from './list/reading.js';
import type { ListRequest } from './list-request.js';
import { createPricing, type Pricing } from './price/pricing.js';

export interface Source {
  readonly list: Blob;
  /** The file's name; null for a pasted list. */
  readonly name: string | null;
}

export interface NewJob {
  readonly draft: Signal<Draft>;
  readonly source: Signal<Source | null>;
  readonly head: ReadonlySignal<Head | null>;
  readonly reading: Signal<Reading>;
  /** Whether each row of the list is a set of targets. */
  readonly isOfSets: ReadonlySignal<boolean>;
  /** True if the service said that the lines look like columns, and the page therefore reads them as a table. */
  readonly isTakenForTable: ReadonlySignal<boolean>;
  /** Null if there is no list yet, or if the page itself finds an error. */
  readonly request: ReadonlySignal<ListRequest | null>;
  readonly ownErrors: ReadonlySignal<ReadonlyMap<string, string>>;
  readonly pricing: Pricing;
  /** Takes another list, and forgets the settings for how the last one was read. */
  setSource(source: Source | null): void;
  /** Begins to follow changes. The returned function ends that. */
  start(): () => void;
}

/** The state of the form for a new job: the list, the job's fields, and the price. */
export function createNewJob(): NewJob {
  const draft = signal<Draft>(EMPTY_DRAFT);
  const source = signal<Source | null>(null);
  const head = signal<Head | null>(null);
  const reading = signal<Reading>(FOUND_OUT);
  const isTakenForTable = signal(false);
  const given = computed(() => fieldsOf(draft.value, ENDPOINT_FORMS[draft.value.endpoint]));
  const isOfSets = computed(() => ENDPOINT_FORMS[draft.value.endpoint].takesSets);
  const request = computed<ListRequest | null>(() => {
    if (source.value === null || head.value === null || given.value.errors.size > 0) return null;
    const { list, name } = source.value;
    return {
      list,
      fields: given.value.fields,
      form: formOf(head.value, name, { reading: reading.value, isOfSets: isOfSets.value }),
    };
  });
  const takeForTable = (): boolean => {
    if (reading.peek().format !== null) return false;
    isTakenForTable.value = true;
    reading.value = { ...reading.peek(), format: 'csv' };
    return true;
  };
  const pricing = createPricing(request, takeForTable);
  return {
    ...{ draft, source, head, reading, isOfSets, isTakenForTable, request, pricing },
    ownErrors: computed(() => given.value.errors),
    setSource(next) {
      source.value = next;
      head.value = null;
      // Further typing keeps the settings for how the list is read. Another file is another list.
      if (next === null || next.name !== null) {
        reading.value = FOUND_OUT;
        pricing.forget();
      }
      isTakenForTable.value = false;
    },
    start() {
      const endHead = followHead(source, reading, head);
      const endPricing = pricing.start();
      return () => {
        endHead();
        endPricing();
      };
    },
  };
}

/** Reads the beginning of each new list, and reads it again if the encoding changes. */
function followHead(
  source: ReadonlySignal<Source | null>,
  reading: ReadonlySignal<Reading>,
  head: Signal<Head | null>,
) {
  const charset = computed(() => reading.value.charset ?? undefined);
  return effect(() => {
    const { value: taken } = source;
    if (taken === null) return undefined;
    let isOver = false;
    const take = (read: Head | null) => {
      if (!isOver) head.value = read;
    };
    // A file that was moved or changed since it was chosen cannot be read. Sending it will report that.
    readHead(taken.list, charset.value).then(take, () => take({ text: '', isWhole: true }));
    return () => {
      isOver = true;
    };
  });
}
