import fc from 'fast-check';
import { RESERVE } from '../planning/space.js';
import type { Truth } from './model.js';

const STEPS = [
  'dispatch',
  'dispatch',
  'grant',
  'grant',
  'grant',
  'settle',
  'settle',
  'answerLate',
  'defer',
  'unknown',
  'resolve',
  'resolve',
  'park',
  'shelve',
  'giveBack',
  'due',
  'pause',
  'resume',
  'cancel',
  'finish',
  'plannedAgain',
] as const;

export interface Step {
  readonly step: (typeof STEPS)[number];
  readonly pick: number;
  readonly twice: boolean;
  readonly worker: string;
  readonly fate: 'lost' | 'not_executed' | 'blind';
  readonly truth: Truth;
}

export const step: fc.Arbitrary<Step> = fc.record({
  step: fc.constantFrom(...STEPS),
  pick: fc.nat(1000),
  twice: fc.boolean(),
  worker: fc.constantFrom('one', 'two'),
  fate: fc.constantFrom('lost', 'not_executed', 'blind'),
  truth: fc.record({
    kind: fc.constantFrom('answer', 'answer', 'answer', 'error', 'refusal'),
    // Never more than is reserved: a dearer answer would raise what is reserved from then on.
    cost: fc.constantFrom(0, 24_000_000, RESERVE),
    more: fc.boolean(),
  }),
});
