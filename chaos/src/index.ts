export type { Case } from './case.js';
export { CASES } from './cases.js';
export { type Finding, runCase } from './run-case.js';
