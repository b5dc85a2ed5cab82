export * from './answers.ts';
export type { Backend } from './backend.ts';
export { parseStorageUrl, type StorageSettings } from './open.ts';
export { MissingObject } from './parts.ts';
export { type JobRef, paths } from './paths.ts';
export * from './plans.ts';
export { type InvalidRow, readInvalidRows, readRows, type ValidRow, writeRows } from './rows.ts';
