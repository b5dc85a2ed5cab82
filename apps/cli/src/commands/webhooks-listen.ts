import { once } from 'node:events';
import { option, text, wholeNumber } from '../arguments/option.js';
import { JSON_FLAG } from '../arguments/shared.js';
import { type Context, defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { receiveWebhooks } from '../receiver.js';
import { eventLine } from '../render/event.js';
import { printable } from '../render/printable.js';
import { print, say } from '../terminal.js';

const MOST_PORT = 65_535;

export const webhooksListen = defineCommand({
  name: 'webhooks listen',
  summary: 'Receives webhooks on this machine, checks their signatures and prints the events.',
  takes: [],
  options: {
    port: option('PORT', 'any free port by default', wholeNumber(0, MOST_PORT)),
    host: option('HOST', 'the address to listen at (127.0.0.1)', text),
    json: JSON_FLAG,
  },
  notes: [
    'The secret is LINKHAUL_WEBHOOK_SECRET, or read from the service. Ctrl-C ends it.',
    'A service accepts private addresses only if it is set to, or listens on a loopback address itself.',
  ],
  async run({ values: { port = 0, host = '127.0.0.1', json } }, context) {
    const { terminal } = context;
    const ids = new Set<string>();
    const receiver = await receiveWebhooks({
      host,
      port,
      secret: await secretOf(context),
      onEvent: ({ id, payload }) => {
        const again = ids.has(id);
        ids.add(id);
        print(terminal, json ? JSON.stringify({ id, event: payload }) : eventLine(id, payload, again));
      },
      onRejected: (reason) => say(terminal, `Refused: ${printable(reason)}`),
    });
    say(terminal, `Listening: linkhaul submit … --webhook ${receiver.url}`);
    if (!terminal.interrupted.aborted) await once(terminal.interrupted, 'abort');
    await receiver.close();
    return EXIT.complete;
  },
});

async function secretOf({ env, client, terminal }: Context): Promise<string> {
  return env.LINKHAUL_WEBHOOK_SECRET ?? client.webhookSecret({ signal: terminal.interrupted });
}
