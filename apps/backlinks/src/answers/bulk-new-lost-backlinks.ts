import { answerBulk, type BulkAnswer } from './bulk.js';
import { LOST, NEW, newLostQuery } from './new-lost.js';

const QUERY = newLostQuery(
  `SELECT key, ${NEW} AS new_backlinks, ${LOST} AS lost_backlinks FROM reaching GROUP BY key`,
  ['new_backlinks', 'lost_backlinks'],
);

/** How many links to each target were first seen since a day, and how many were lost. */
export const bulkNewLostBacklinks: BulkAnswer = {
  functionId: '0349',
  answer: (graph, { targets, options }) =>
    answerBulk(graph, QUERY, { targets, params: { date_from: options.dateFrom } }),
};
