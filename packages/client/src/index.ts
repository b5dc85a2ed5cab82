export { withDeadline } from './deadline.js';
export * from './service/index.js';
export * from './upstream/index.js';
export * from './webhook/index.js';
