import { fieldsIn, textIn } from '../../format/read-json.js';
import { useResource } from '../../service/resource.js';

const EVERY_MS = 10_000;

/** Whether Redis and storage are available. If one is not, shows the service's own message. */
export function Readiness() {
  const { data, error } = useResource(readReadiness, EVERY_MS);
  if (error !== null) return <p class="quiet">Whether the service is ready cannot be told.</p>;
  if (data === null) return null;
  return (
    <ul class="readiness" aria-label="Readiness">
      {data.map(({ name, words }) => (
        <li key={name} class={`badge ${words === 'ok' ? 'ok' : 'failed'}`}>
          <i aria-hidden="true" />
          {name}: {words}
        </li>
      ))}
    </ul>
  );
}

/** The route is outside /v1 and needs no key. With 503 it answers in the same form. */
async function readReadiness(signal: AbortSignal) {
  const answer: unknown = await (await fetch('/readyz', { signal })).json();
  const checks = fieldsIn(fieldsIn(answer)?.checks) ?? {};
  return Object.entries(checks).map(([check, state]) => ({ name: titled(check), words: textIn(state) ?? 'unknown' }));
}

function titled(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
