import type { EndpointName, Job } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { counted } from '../../format/numbers.js';
import { saveFile } from '../../service/save-file.js';
import { client } from '../../service/session.js';
import { Button } from '../../ui/button.js';
import { Panel } from '../../ui/panel.js';
import { SaveButton } from '../../ui/save-button.js';
import { Trouble } from '../../ui/trouble.js';
import { type ComparedRuns, comparable, comparedRuns } from './compared-runs.js';
import { DiffView } from './diff-view.js';
import { type DiffQuery, openDiff } from './open-diff.js';
import { RunChoice } from './run-choice.js';
import { tagAddress } from './tag-address.js';
import './diff.css';

/** Comparing longer lists may take a minute, so it is done only when the user asks for it. */
const ROWS_AT_ONCE = 100_000;

interface DiffPanelProps {
  readonly tag: string;
  readonly endpoint: EndpointName;
  readonly jobs: readonly Job[];
}

export function DiffPanel({ tag, endpoint, jobs }: DiffPanelProps) {
  const { query, route } = useLocation();
  const runs = comparedRuns(jobs, query);
  if (runs === null) {
    return (
      <Panel title="Compare two runs">
        <p class="quiet">There is something to compare as soon as two jobs with this tag are completed.</p>
      </Panel>
    );
  }
  const choose = (names: { base?: string; job?: string }) =>
    route(tagAddress(tag, { ...query, base: runs.base.id, job: runs.newer.id, ...names }), true);
  const names: DiffQuery = { tag, endpoint, baseJob: runs.base.id, job: runs.newer.id };
  return (
    <Panel title="Compare two runs" actions={<DiffSaves names={names} />}>
      <div class="compared-runs">
        <RunChoice
          label="Older run"
          runs={comparable(jobs).filter(({ id }) => id !== runs.newer.id)}
          chosen={runs.base}
          onChange={(base) => choose({ base })}
        />
        <RunChoice
          label="Newer run"
          runs={comparable(jobs).filter(({ id }) => id !== runs.base.id)}
          chosen={runs.newer}
          onChange={(job) => choose({ job })}
        />
        <Button icon="retry" onClick={() => choose({ base: runs.newer.id, job: runs.base.id })}>
          Swap
        </Button>
      </div>
      <Comparison key={`${runs.base.id} ${runs.newer.id}`} names={names} runs={runs} />
    </Panel>
  );
}

function Comparison({ names, runs }: { readonly names: DiffQuery; readonly runs: ComparedRuns }) {
  const rows = runs.base.rows.total + runs.newer.rows.total;
  const isAsked = useSignal(rows <= ROWS_AT_ONCE);
  if (isAsked.value) return <Differences names={names} />;
  return (
    <div class="diff-ask">
      <p class="quiet">The runs have {counted(rows, 'row')} together: comparing them may take a minute.</p>
      <Button
        onClick={() => {
          isAsked.value = true;
        }}
      >
        Compare them
      </Button>
    </div>
  );
}

function Differences({ names }: { readonly names: DiffQuery }) {
  const round = useSignal(0);
  const diff = useMemo(() => openDiff(names), [round.value]);
  useEffect(() => () => diff.close(), [diff]);
  const { summary, error, isLoading } = diff.state.value;
  return (
    <>
      <Trouble
        error={error}
        onRetry={() => {
          round.value += 1;
        }}
      />
      {summary !== null && <DiffView summary={summary} state={diff.state.value} />}
      {summary === null && isLoading && (
        <p class="quiet" role="status">
          Comparing…
        </p>
      )}
    </>
  );
}

function DiffSaves({ names: { tag, ...runs } }: { readonly names: DiffQuery }) {
  const save = async (format: 'csv' | 'ndjson') => {
    const spreadsheet = format === 'csv';
    const body = await client.value.downloadTagDiff(tag, { ...runs, format, spreadsheet });
    await saveFile(`${tag}-changes.${format}`, body);
  };
  return (
    <>
      <SaveButton onSave={() => save('csv')}>CSV</SaveButton>
      <SaveButton onSave={() => save('ndjson')}>NDJSON</SaveButton>
    </>
  );
}
