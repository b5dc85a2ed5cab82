import type { Draft } from '../draft.js';
import type { FormErrors } from '../errors.js';

export interface OptionsProps {
  readonly draft: Draft;
  readonly errors: FormErrors;
  readonly isPaged: boolean;
  readonly onChange: (changes: Partial<Draft>) => void;
}
