import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { recoveryContents, recoveryView } from './recovery-view.js';

export const getRecovery = defineRoute({
  method: 'get',
  path: '/v1/recover',
  id: 'getRecovery',
  summary: 'How far the recovery has come',
  description: 'Answers while everything else is refused because Redis has lost its data.',
  access: 'admin',
  needsNoInstallation: true,
  request: NO_INPUT,
  answers: { 200: { description: 'The recovery.', contents: recoveryContents } },
  examples: [{ title: 'Nothing was ever lost', given: 'nothing', status: 200 }],
  serve:
    ({ recovery }) =>
    async (c) =>
      c.json(recoveryView(await recovery.read())),
});
