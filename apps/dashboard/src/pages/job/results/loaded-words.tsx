import { count as countText } from '../../../format/numbers.js';
import { Button } from '../../../ui/button.js';
import type { LoadingState, ResultsLoading } from './results-loading.js';

interface LoadedWordsProps {
  readonly loading: ResultsLoading;
  /** The expected number of all lines, by the job's counts. */
  readonly expected: number;
  readonly isSorted: boolean;
  /** True while rows are being sorted or searched. */
  readonly isOrdering: boolean;
  /** How many rows match the search; null without a search. */
  readonly matching: number | null;
}

/** If more lines than this are still to be loaded, a number and a stop button are shown. */
const FAR = 3000;

/** How much of the results is loaded, sorted and searched, so that nobody takes a part for the whole. */
export function LoadedWords({ loading, expected, ...wish }: LoadedWordsProps) {
  const state = loading.state.value;
  const isFar = state.isLoading && state.wanted - state.count > FAR;
  return (
    <div class="loaded-words">
      <p>{wish.isOrdering ? orderingWords(state, wish) : sentenceOf(state, { expected, ...wish })}</p>
      {isFar && (
        <>
          <progress max={expected} value={state.count} aria-label="Loaded lines" />
          <Button icon="pause" onClick={loading.stop}>
            Stop loading
          </Button>
        </>
      )}
      {!isFar && !state.isDone && state.count > 0 && (
        <Button
          icon="down"
          onClick={() => {
            loading.goOn();
            loading.want(Number.POSITIVE_INFINITY);
          }}
        >
          Load all
        </Button>
      )}
    </div>
  );
}

type Told = Omit<LoadedWordsProps, 'loading' | 'isOrdering'>;

function orderingWords({ count }: LoadingState, { matching }: Pick<Told, 'matching'>): string {
  return `${matching === null ? 'Sorting' : 'Searching'} ${countText(count)} lines…`;
}

function sentenceOf({ count, isDone }: LoadingState, { expected, isSorted, matching }: Told): string {
  const whole = isDone
    ? `${countText(count)} ${count === 1 ? 'line' : 'lines'}`
    : `${countText(count)} loaded of ${countText(Math.max(expected, count))}`;
  if (matching !== null) {
    return `${countText(matching)} ${matching === 1 ? 'matches' : 'match'}${isSorted ? ', sorted,' : ''} among ${isDone ? '' : 'the '}${whole}`;
  }
  if (isSorted) return `Sorted among ${isDone ? '' : 'the '}${whole}`;
  return whole;
}
