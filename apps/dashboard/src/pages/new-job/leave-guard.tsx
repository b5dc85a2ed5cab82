import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Confirm } from '../../ui/confirm.js';

/** Asks before the page is left while something on it would be lost: by a link, by closing the tab, by another address. */
export function LeaveGuard({ isNeeded }: { readonly isNeeded: boolean }) {
  const { route } = useLocation();
  const wanted = useSignal<string | null>(null);
  useEffect(() => {
    if (!isNeeded) return undefined;
    const over = new AbortController();
    addEventListener('beforeunload', (event) => event.preventDefault(), { signal: over.signal });
    const onClick = (event: MouseEvent) => {
      const address = addressLeftFor(event);
      if (address === null) return;
      event.preventDefault();
      event.stopPropagation();
      wanted.value = address;
    };
    document.addEventListener('click', onClick, { signal: over.signal, capture: true });
    return () => over.abort();
  }, [isNeeded]);
  const address = wanted.value;
  if (address === null || !isNeeded) return null;
  return (
    <Confirm
      title="Leave without starting the job?"
      action="Leave"
      isDanger
      onConfirm={async () => route(address)}
      onClose={() => {
        wanted.value = null;
      }}
    >
      <p>The list and what was set on this page are lost.</p>
    </Confirm>
  );
}

/** Where a click leads to in this tab; null where the page stays. */
function addressLeftFor(event: MouseEvent): string | null {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    return null;
  const opensAnotherTab = link.target !== '' && link.target !== '_self';
  const isOther = link.origin === location.origin && link.pathname !== location.pathname;
  return !opensAnotherTab && isOther ? `${link.pathname}${link.search}${link.hash}` : null;
}
