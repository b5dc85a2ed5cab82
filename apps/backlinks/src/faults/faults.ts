import { createRandom } from '../random.js';
import type { Fault } from './fault.js';

/** The properties of a call that faults match. */
interface Aimed {
  readonly endpoint: string;
  readonly tag: string | null;
  readonly targets: readonly string[];
}

/** The faults, in the order in which they were added. At most one applies to a call. */
export interface Faults {
  add(fault: Fault): StandingFault;
  take(call: Aimed): Fault | null;
  list(): StandingFault[];
  clear(): void;
}

export interface StandingFault {
  readonly fault: Fault;
  /** How many calls the fault has applied to. */
  readonly met: number;
}

interface Standing {
  readonly fault: Fault;
  readonly random: () => number;
  met: number;
}

export function createFaults(): Faults {
  let standing: Standing[] = [];
  return {
    add: (fault) => {
      standing.push({ fault, random: createRandom(fault.seed), met: 0 });
      return { fault, met: 0 };
    },
    take: (call) => {
      const one = standing.find(({ fault, random }) => fits(fault, call) && random() < (fault.share ?? 1));
      if (one === undefined) return null;
      one.met++;
      if (one.met === one.fault.count) standing = standing.filter((other) => other !== one);
      return one.fault;
    },
    list: () => standing.map(({ fault, met }) => ({ fault, met })),
    clear: () => {
      standing = [];
    },
  };
}

function fits({ endpoint, target, tag }: Fault, call: Aimed): boolean {
  const hits = endpoint === undefined ? call.endpoint !== 'id_list' : endpoint === call.endpoint;
  const named = target === undefined || call.targets.includes(target);
  return hits && named && (tag === undefined || call.tag?.startsWith(tag) === true);
}
