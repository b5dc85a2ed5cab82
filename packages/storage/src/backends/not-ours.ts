import { StorageAway } from '../away.js';

interface Found {
  readonly installation: string;
  /** The installation that the marker names. Null if there is no marker. */
  readonly named: string | null;
  readonly place: string;
  /** What helps besides `adopt`. */
  readonly advice: string;
}

/** Storage does not belong to the installation. */
export function notOurs({ installation, named, place, advice }: Found): StorageAway {
  const what = named === null ? `marker ${installation} is missing` : `the marker is ${named}, not ${installation},`;
  return new StorageAway(
    `storage does not hold this installation's data: ${what} at ${place}; ${advice}, or \`linkhaul storage adopt\` if it was moved on purpose`,
  );
}

export function ofNobody(place: string): StorageAway {
  return new StorageAway(`it is not known whose data is at ${place}`);
}
