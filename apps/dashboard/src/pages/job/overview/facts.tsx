import type { ComponentChildren } from 'preact';

export interface CardFact {
  readonly name: string;
  readonly value: string;
  /** What the name means. */
  readonly meaning: ComponentChildren;
  /** True if the value is zero. Such a fact is shown in a quiet colour. */
  readonly isNone?: boolean;
}

/** Numbers, each with a short explanation. */
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
