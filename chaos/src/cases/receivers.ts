import type { Case } from '../case.js';

/** Longer than both jobs take, so that their ends are sent to a receiver that does not answer. */
const HANGS_MS = 20_000;

/** Disturbances of the receivers of webhooks. */
export const RECEIVERS: readonly Case[] = [
  {
    name: 'receiver-hanging',
    what: 'the receiver of webhooks does not answer, until after the jobs are done',
    async disturb({ receiver }) {
      receiver.hangs = true;
      setTimeout(() => {
        receiver.hangs = false;
      }, HANGS_MS);
    },
  },
];
