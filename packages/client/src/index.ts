export * from './service/index.js';
export * from './upstream/index.js';
