import { ENDPOINT_FORMS } from 'virtual:endpoint-forms';
import { type EndpointName, endpointName } from '@linkhaul/schemas';

interface EndpointChoiceProps {
  readonly value: EndpointName;
  readonly onChange: (endpoint: EndpointName) => void;
}

/** Chooses what to ask about each target. */
export function EndpointChoice({ value, onChange }: EndpointChoiceProps) {
  return (
    <fieldset class="endpoints">
      <legend class="unseen">What is asked about each target</legend>
      {endpointName.options.map((name) => (
        <label key={name} class={`endpoint ${name === value ? 'chosen' : ''}`}>
          <input type="radio" name="endpoint" checked={name === value} onChange={() => onChange(name)} />
          <span>
            <strong>{ENDPOINT_FORMS[name].title}</strong>
            <span class="quiet">
              {ENDPOINT_FORMS[name].gives}
              {!ENDPOINT_FORMS[name].acceptsPages && ' Takes domains only.'}
            </span>
            <code class="quiet">{name}</code>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
