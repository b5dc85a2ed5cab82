import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A DNS server on loopback, for tests and benches. */
export interface NameServer {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** How many questions have arrived. */
  readonly questions: number;
  /** Resolves when this many questions have arrived. */
  asked(questions: number): Promise<void>;
  close(): Promise<void>;
}

/** The addresses of a name; null to give no answer. A promise delays the answer. */
type Answer = (name: string, family: 4 | 6) => readonly string[] | null | Promise<readonly string[] | null>;

const HEADER_BYTES = 12;
const A = 1;
const AAAA = 28;
/** The flags of a response: recursion was desired, and is available. */
const RESPONSE_FLAGS = 0x8180;
/** Points to the name in the question, which the answers repeat. */
const NAME_POINTER = 0xc00c;

export async function startNameServer(answer: Answer): Promise<NameServer> {
  const socket = createSocket('udp4');
  let questions = 0;
  socket.on('message', async (query, { port, address }) => {
    const { name, type, end } = questionIn(query);
    questions += 1;
    socket.emit('asked');
    const found = type === A || type === AAAA ? await answer(name, type === A ? 4 : 6) : [];
    if (found === null) return;
    const response = Buffer.concat([
      header(query, found.length),
      query.subarray(HEADER_BYTES, end),
      ...found.map(record),
    ]);
    // An error means that the socket was closed meanwhile, so nobody waits.
    socket.send(response, port, address, () => undefined);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    get questions() {
      return questions;
    },
    async asked(wanted) {
      while (questions < wanted) await once(socket, 'asked');
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function questionIn(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function header(query: Buffer, answers: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  query.copy(bytes, 0, 0, 2);
  bytes.writeUInt16BE(RESPONSE_FLAGS, 2);
  bytes.writeUInt16BE(1, 4);
  bytes.writeUInt16BE(answers, 6);
  return bytes;
}

function record(address: string): Buffer {
  const data = address.includes(':') ? ipv6Bytes(address) : Buffer.from(address.split('.').map(Number));
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt16BE(NAME_POINTER, 0);
  head.writeUInt16BE(address.includes(':') ? AAAA : A, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

/** Parsed by the URL standard, which also writes the last 32 bits in hex. */
function ipv6Bytes(address: string): Buffer {
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const [before, behind] = [groups(head), groups(tail ?? '')];
  const between = Array<string>(tail === undefined ? 0 : 8 - before.length - behind.length).fill('0');
  const bytes = Buffer.alloc(16);
  for (const [at, group] of [...before, ...between, ...behind].entries())
    bytes.writeUInt16BE(Number.parseInt(group, 16), at * 2);
  return bytes;
}
