import type { World, WorldOptions } from './world.js';

/** Something that happens to the service while it works, and what may come of it. */
export interface Case extends WorldOptions {
  readonly name: string;
  /** What happens, as the table shows it. */
  readonly what: string;
  /** Resolves when the world is whole again, or as whole as it will be. */
  disturb(world: World): Promise<void>;
  /** How many calls may be bought a second time, because nobody received their answer. Default: none. */
  readonly boughtAgain?: number;
}
