import type { ComponentChildren } from 'preact';

export interface CardFact {
  readonly name: string;
  readonly value: string;
  /** What the name means. */
  readonly meaning: ComponentChildren;
  /** Nothing of it there: shown, but quiet. */
  readonly isNone?: boolean;
}

/** Numbers with a word of explanation each. */
export function CardFacts({ facts }: { readonly facts: readonly CardFact[] }) {
  return (
    <dl class="card-facts">
      {facts.map(({ name, value, meaning, isNone = false }) => (
        <div key={name} class={isNone ? 'none' : ''}>
          <dt>
            {name}
            <span class="quiet">{meaning}</span>
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
