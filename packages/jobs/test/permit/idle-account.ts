import type { Capacity } from '../../src/index.js';

/** An account that sends nothing, with two workers alive and no job in line. */
export const idle: Capacity = {
  maxPerMinute: 2000,
  maxInFlight: 30,
  slots: 30,
  inFlight: 0,
  sentLastMinute: 0,
  slotsBind: false,
  rateBinds: false,
  wait: null,
  outage: null,
  inDoubt: 0,
  latencyMs: null,
  workers: 2,
  places: 90,
  jobs: 0,
};
