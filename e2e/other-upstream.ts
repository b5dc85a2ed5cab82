import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const task = z.object({
  targets: z.array(z.string()).optional(),
  target: z.string().optional(),
  limit: z.number().optional(),
  offset: z.number().optional(),
  search_after_token: z.string().optional(),
  tag: z.string(),
});

export type SentTask = z.infer<typeof task>;

interface Answer {
  readonly result: Record<string, unknown> | null;
  readonly items: number;
}

interface Refusal {
  readonly refused: number;
  readonly message: string;
}

type Said = Answer | Refusal | 'break';

/** With `break` the call runs and is charged, but then the connection breaks. There is no record of calls. */
export type AnswerCall = (endpoint: string, task: SentTask) => Said | Promise<Said>;

/** A Backlinks API that shares no code with ours. It answers as the test says, and sums up what it charged. */
export interface OtherUpstream {
  readonly url: string;
  readonly tasks: SentTask[];
  chargedNanos(): number;
  close(): void;
}

const CALL_NANOS = 20_000_000;
const ITEM_NANOS = 30_000;

export async function startOtherUpstream(answer: AnswerCall): Promise<OtherUpstream> {
  const tasks: SentTask[] = [];
  let charged = 0;
  const server = createServer(async (request, response) => {
    const endpoint = (request.url ?? '').split('/')[3] ?? '';
    if (request.method === 'GET' || endpoint === 'id_list') {
      response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ status_code: 40400 }));
      return;
    }
    response.setHeader('content-type', 'application/json');
    const [sent] = z.tuple([task]).parse(JSON.parse(await textOf(request)));
    tasks.push(sent);
    const answered = await answer(endpoint, sent);
    if (isRefusal(answered)) {
      response.end(JSON.stringify(refusalOf(answered, sent)));
      return;
    }
    const { result, items } = answered === 'break' ? { result: null, items: 0 } : answered;
    const nanos = CALL_NANOS + ITEM_NANOS * Math.max(1, items);
    charged += nanos;
    if (answered === 'break') {
      response.destroy();
      return;
    }
    const cost = nanos / 1e9;
    response.end(
      JSON.stringify({
        version: '0.1.20260801',
        status_code: 20000,
        status_message: 'Ok.',
        time: '0.1 sec.',
        cost,
        tasks_count: 1,
        tasks_error: 0,
        tasks: [
          {
            id: `11220000-1535-0576-0000-${String(tasks.length).padStart(12, '0')}`,
            status_code: 20000,
            status_message: 'Ok.',
            time: '0.1 sec.',
            cost,
            result_count: result === null ? 0 : 1,
            path: ['v3', 'backlinks', endpoint, 'live'],
            data: { api: 'backlinks', function: endpoint, ...sent },
            result: result === null ? null : [result],
          },
        ],
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    tasks,
    chargedNanos: () => charged,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function isRefusal(answered: Answer | Refusal | 'break'): answered is Refusal {
  return answered !== 'break' && 'refused' in answered;
}

function refusalOf({ refused, message }: Refusal, data: SentTask): unknown {
  const said = { status_code: refused, status_message: message, cost: 0, result_count: 0, result: null };
  return { status_code: 20000, status_message: 'Ok.', cost: 0, tasks_error: 1, tasks: [{ id: 'r', ...said, data }] };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
