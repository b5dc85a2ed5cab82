import { PassThrough, Readable, type Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { runCli } from '../src/run.js';
import { temporaryFolder } from './temporary-folder.js';

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface InvokeOptions {
  readonly url: string;
  readonly stdin?: string | Readable;
  readonly env?: Record<string, string>;
  readonly interrupted?: AbortSignal;
  /** Standard output; unless set, it is collected in `Run.stdout`. */
  readonly stdout?: Writable;
  /** Called with each text on standard error. */
  readonly onScreen?: (text: string) => void;
}

/** Runs a command line in this process, with pipes for its streams. */
export async function invoke(words: readonly string[], options: InvokeOptions): Promise<Run> {
  const { url, stdin = '', env = {}, interrupted = new AbortController().signal, onScreen } = options;
  const pipe = new PassThrough();
  const written = buffer(pipe);
  let stderr = '';
  const code = await runCli({
    words,
    env: { LINKHAUL_URL: url, XDG_STATE_HOME: env.XDG_STATE_HOME ?? (await temporaryFolder()), ...env },
    version: '1.2.3',
    terminal: {
      stdin: typeof stdin === 'string' ? Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]) : stdin,
      stdinIsTTY: false,
      stdout: options.stdout ?? pipe,
      stdoutIsTTY: false,
      screen: {
        isTTY: false,
        columns: 80,
        write(text) {
          stderr += text;
          onScreen?.(text);
        },
      },
      interrupted,
    },
  });
  pipe.end();
  return { code, stdout: String(await written), stderr };
}

/** How a list was read, in the service's form. */
export const sampleInput = {
  format: 'csv',
  encoding: 'utf-8',
  separator: ';',
  header: 1,
  column: 'Target URL',
  id_column: null,
  lines: 12,
  blank: 2,
  comments: 1,
  invalid_sample: [],
  hints: [],
} as const;
