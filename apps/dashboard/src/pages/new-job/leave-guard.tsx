import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Confirm } from '../../ui/confirm.js';

/** Asks before unsaved input is lost, whether the user follows a link, goes back, closes the tab or enters another address. */
export function LeaveGuard({ isNeeded }: { readonly isNeeded: boolean }) {
  const { route } = useLocation();
  const leave = useSignal<(() => void) | null>(null);
  useEffect(() => {
    if (!isNeeded) return undefined;
    const over = new AbortController();
    const { signal } = over;
    const ask = (way: () => void) => {
      leave.value = way;
    };
    addEventListener('beforeunload', (event) => event.preventDefault(), { signal });
    const onClick = (event: MouseEvent) => {
      const address = addressLeftFor(event);
      if (address === null) return;
      event.preventDefault();
      event.stopPropagation();
      ask(() => route(address, true));
    };
    document.addEventListener('click', onClick, { signal, capture: true });
    // A second history entry of this page is put above the first, so that going back leads to the same page.
    if (!isAbove()) history.pushState(ABOVE, '');
    const onBack = () => {
      // Following a link to a part of this page fires this event too.
      if (isAbove() || location.hash !== '') return;
      history.pushState(ABOVE, '');
      ask(() => {
        over.abort();
        if (history.length > MOST_OF_ITS_OWN) history.go(-2);
        else route('/', true);
      });
    };
    addEventListener('popstate', onBack, { signal });
    return () => over.abort();
  }, [isNeeded]);
  const go = leave.value;
  if (go === null || !isNeeded) return null;
  return (
    <Confirm
      title="Leave without starting the job?"
      action="Leave"
      isDanger
      onConfirm={async () => go()}
      onClose={() => {
        leave.value = null;
      }}
    >
      <p>The list and what was set on this page are lost.</p>
    </Confirm>
  );
}

const ABOVE = { isAbove: true };
/** A tab that was opened at this page has only its two entries, so there is no page to go back to. */
const MOST_OF_ITS_OWN = 2;

function isAbove(): boolean {
  return history.state?.isAbove === true;
}

/** The address that a click leads to in this tab; null if the page stays. */
function addressLeftFor(event: MouseEvent): string | null {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    return null;
  const opensAnotherTab = link.target !== '' && link.target !== '_self';
  const isOther = link.origin === location.origin && link.pathname !== location.pathname;
  return !opensAnotherTab && isOther ? `${link.pathname}${link.search}${link.hash}` : null;
}
