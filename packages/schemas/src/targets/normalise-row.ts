import type { Endpoint } from '../endpoints/endpoint.js';
import { normaliseTarget } from './normalise.js';
import { normaliseSet } from './normalise-set.js';
import type { Normalised, NormaliseOptions } from './normalised.js';

/** How the rows of an endpoint become targets, or sets of targets if the endpoint takes sets. */
export function rowNormaliser(
  endpoint: Endpoint,
  rules: Pick<NormaliseOptions, 'as' | 'keepWww'>,
): (input: string) => Normalised {
  const { acceptsPages } = endpoint;
  if (endpoint.kind !== 'set') {
    const options = { ...rules, acceptsPages };
    return (input) => normaliseTarget(input, options);
  }
  const { maxTargets, maxExcluded } = endpoint;
  const options = { ...rules, acceptsPages, maxTargets, maxExcluded };
  return (input) => normaliseSet(input, options);
}
