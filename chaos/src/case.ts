import type { World, WorldOptions } from './world.js';

/** A disturbance of the service while it works, and what it may cause. */
export interface Case extends WorldOptions {
  readonly name: string;
  /** The disturbance, as the table shows it. */
  readonly what: string;
  /** Resolves when everything is repaired, as far as it can be. */
  disturb(world: World): Promise<void>;
  /** How many calls may be bought a second time, because nobody received their answers. Default: none. */
  readonly boughtAgain?: number;
}
