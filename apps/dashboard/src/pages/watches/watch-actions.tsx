import type { Watch } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { sentenceOf } from '../../service/errors.js';
import { client } from '../../service/session.js';
import { Button } from '../../ui/button.js';
import { say } from '../../ui/toast.js';

interface WatchActionsProps {
  readonly watch: Watch;
  readonly onChange: () => void;
}

/** Runs a watch now, pauses it or resumes it. */
export function WatchActions({ watch: { name, status, run }, onChange }: WatchActionsProps) {
  const isBusy = useSignal(false);
  const act = async (action: 'runWatch' | 'pauseWatch' | 'resumeWatch') => {
    isBusy.value = true;
    try {
      await client.value[action](name);
      onChange();
    } catch (refusal) {
      say(sentenceOf(refusal), { isTrouble: true });
    }
    isBusy.value = false;
  };
  return (
    <>
      {run === null && (
        <Button icon="play" isBusy={isBusy.value} onClick={() => act('runWatch')}>
          Run now
        </Button>
      )}
      {status === 'active' ? (
        <Button icon="pause" isBusy={isBusy.value} onClick={() => act('pauseWatch')}>
          Pause
        </Button>
      ) : (
        <Button icon="retry" isBusy={isBusy.value} onClick={() => act('resumeWatch')}>
          Resume
        </Button>
      )}
    </>
  );
}
