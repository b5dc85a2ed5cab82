import type { Job } from '@linkhaul/schemas';
import { counted } from '../../format/numbers.js';
import { localTime } from '../../format/times.js';
import { Field } from '../../ui/field.js';

interface RunChoiceProps {
  readonly label: string;
  readonly runs: readonly Job[];
  readonly chosen: Job;
  readonly onChange: (id: string) => void;
}

export function RunChoice({ label, runs, chosen, onChange }: RunChoiceProps) {
  return (
    <Field
      label={label}
      input={(props) => (
        <select {...props} value={chosen.id} onChange={(event) => onChange(event.currentTarget.value)}>
          {runs.map((run) => (
            <option key={run.id} value={run.id}>
              {localTime(run.created_at)} · {counted(run.rows.total, 'row')}
            </option>
          ))}
        </select>
      )}
    />
  );
}
