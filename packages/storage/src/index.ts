export {
  endSearch,
  isAccountKnown,
  keepSearchStart,
  listAccounts,
  markAccountKnown,
  readSearchStart,
} from './accounts.js';
export {
  type AnswerHeader,
  type AnswerOutcome,
  type CopiedTargets,
  EMPTY_TARGET,
  type Failure,
  type FurtherParts,
  failureOf,
  MISSING_TARGET,
} from './answer-header.js';
export {
  type Answer,
  type NewAnswer,
  type ReadAnswer,
  readAnswer,
  readDamagedHeader,
  readLateAnswer,
  readSettledAnswer,
  type SettledAnswer,
  storeAnswer,
} from './answers.js';
export { StorageAway } from './away.js';
export type { Backend, ByteRange } from './backend.js';
export {
  type GroupAddress,
  parseRedisUrl,
  type RedisAddress,
  type RedisSettings,
  type ServerAddress,
} from './backends/redis-address.js';
export { optionsFor, TimelyRedis } from './backends/redis-in-time.js';
export { primaryOf } from './backends/redis-primary.js';
export * from './call-numbers.js';
export { type Charge, readCharge, storeCharge } from './charges.js';
export { readCopiedPart, writeCopiedPart } from './copied-parts.js';
export { FORMAT, NewerFormat, requireFormat } from './format.js';
export { keepBody, readKeptBody } from './kept-bodies.js';
export { createKeptRows, type KeptRows } from './kept-rows.js';
export {
  type CallsToFollow,
  copiedOfPositions,
  costUpTo,
  existingFollowers,
  failedByDamage,
  isCopied,
  type LastCall,
  lastCalls,
  paidForDamaged,
  shareOf,
  shareOfTarget,
  soFarOf,
  withoutAnswer,
} from './last-calls.js';
export { parseStorageUrl, type StorageAccess, type StorageSettings } from './open.js';
export type { PageToken } from './page-token.js';
export { isBroken, MissingObject } from './parts.js';
export { type JobRef, paths, type ResultForm } from './paths.js';
export { type PlanPart, writePlanParts } from './plan-parts.js';
export * from './plans.js';
export { keepTasks, type PostedTask, readTasks } from './posted-tasks.js';
export type { ValidRow } from './row-lines.js';
export type { PartNumbers, RowNumbers, StoredRowPart } from './row-numbers.js';
export { type RowText, rowTexts } from './row-texts.js';
export {
  type InvalidRow,
  keptOfInvalid,
  type RowWriter,
  readInvalidRows,
  readLineNumbers,
  readRowPart,
  readRows,
  rowsOfLines,
  writeRows,
} from './rows.js';
export { partsInOrder } from './rows-in-order.js';
export { isAnswered, keepAnswer, listAnswers, readSecondHeader, type StoredAnswer } from './second-answers.js';
export {
  beginEra,
  listSnapshots,
  readEra,
  readSnapshot,
  removeSnapshots,
  type Snapshot,
  type SnapshotEntry,
  type SnapshotOwner,
  type StoredSnapshot,
  snapshotEntryType,
  storeSnapshot,
  UnreadableSnapshot,
} from './snapshots.js';
export { takenUp } from './taken-up.js';
export { claimWatchRun, copyRows } from './watch-runs.js';
export { createWrites } from './writes.js';
