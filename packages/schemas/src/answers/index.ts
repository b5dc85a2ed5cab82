export { type AnswerEnvelope, type AnswerTask, readEnvelope } from './envelope.js';
export { type AnswerItems, itemsOf, readItems } from './items.js';
export { jsonOf } from './json.js';
export { type AskedTask, ourTask } from './our-task.js';
export { type RecordEntry, readRecordEntry } from './record-entry.js';
export { chargeOf, elementsOf, isObject, type JsonObject, numberOf, objectsOf, textOf } from './values.js';
