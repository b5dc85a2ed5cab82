import type { FieldNames } from './parameter-form.js';

interface Chosen {
  readonly field: string;
  readonly key: string;
}

interface FieldChoiceProps {
  readonly label: string;
  /** Null if the names are unknown: then the user types one. */
  readonly names: FieldNames | null;
  readonly chosen: Chosen;
  readonly onChange: (chosen: Chosen) => void;
}

/** Chooses a field of the items; for a map, also one of its counts. */
export function FieldChoice({ label, names, chosen, onChange }: FieldChoiceProps) {
  const { field, key } = chosen;
  if (names === null) {
    return (
      <input
        type="text"
        aria-label={label}
        placeholder="field, such as dofollow"
        value={field}
        onInput={(event) => onChange({ field: event.currentTarget.value.trim(), key: '' })}
      />
    );
  }
  return (
    <>
      <select
        class="field-name"
        aria-label={label}
        value={field}
        onChange={(event) => onChange({ field: event.currentTarget.value, key: '' })}
      >
        <option value="">Choose a field</option>
        <optgroup label="Fields">{names.fields.map(optionOf)}</optgroup>
        <optgroup label="Counts by name">{names.maps.map(optionOf)}</optgroup>
      </select>
      {names.maps.includes(field) && (
        <input
          type="text"
          class="map-key"
          aria-label={`${label}: which of the counts`}
          placeholder="name, such as com"
          value={key}
          onInput={(event) => onChange({ field, key: event.currentTarget.value.trim() })}
        />
      )}
    </>
  );
}

function optionOf(name: string) {
  return (
    <option key={name} value={name}>
      {name}
    </option>
  );
}
