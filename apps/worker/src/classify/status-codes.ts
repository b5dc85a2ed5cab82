import {
  FAILED_CODES,
  INVALID_CODES,
  isRetryable,
  ROW_CODES,
  ROW_ERROR_CODES,
  type RowErrorCode,
} from '@linkhaul/schemas';
import { MAX_FAILURES } from '../stages/failures.js';
import { LONGEST_SLOW_MS } from './classify.js';
import { CODES, type CodeAction, INVALID_FIELD, NOT_EXECUTED } from './codes.js';
import { HTTP_STATUSES } from './http-statuses.js';

const INTRO = `# Status codes

What an attempt of a call may meet, and what Linkhaul does about it. Written by \`apps/worker/scripts/write-status-codes.js\` from
the tables that decide it, in \`apps/worker/src/classify\`: change those, not this page.

The truth about a request stands in the body's \`status_code\`, at two levels: the envelope's counts when it is not 20000, else the
task's. Messages vary, numbers do not. What every answer cost is counted, failed ones too.
`;

const NO_ANSWER = `## No answer

| what | what Linkhaul does |
|---|---|
| no connection: refused, no such name, no route, no TLS | nothing was sent: ${doesUnsent()} |
| no answer of the API's own form: reset, time-out, a body that breaks off or cannot be read, any other HTTP status | ${doesUnknown()} |
| HTTP 5xx whose body says 20000, or an answer with the tag of another call | the same |
| a failure to be sent again that does not say what it cost | the same |
| a whole body at HTTP 2xx that is no answer of the API, or one at 20000 without a task | the same, and the body is kept: where the record shows the call, its rows are \`failed\` (\`answer_unreadable\`) and nothing is bought again |
| a body longer than \`MAX_ANSWER_BYTES\` at HTTP 2xx | its first bytes are kept, its rows are \`failed\` (\`answer_unreadable\`) |
`;

const UNREADABLE = `## An answer that is not understood

An answer at 20000, or 40106, whose items cannot be read came and was paid for: it is kept, its rows are \`failed\` (\`answer_unreadable\`), and it is not
bought again by itself. Three of an endpoint in a row pause its jobs (\`upstream_changed\`) until they are resumed: [what to
do](operations.md#when-answers-cannot-be-read).
`;

const ROWS = `## Codes of rows

What \`error.code\` of a row may be: no other code comes. \`error.message\` has the same words, and those of the upstream where it said
some. A retryable row may succeed when it is run again as it is; \`/retry\` takes no other, unless with \`retryable_only: false\`, and none
that is \`invalid\`.
`;

/** docs/status-codes.md, whole: what the tables say, so that no page says another thing. */
export function statusCodesPage(): string {
  const codes = Object.entries(CODES).map(([code, { level, meaning, does }]) => {
    const more = Number(code) === INVALID_FIELD ? INVALID_FIELD_MORE : '';
    return [code, level ?? 'not known', meaning, sentenceOf(does) + more];
  });
  const statuses = Object.entries(HTTP_STATUSES).map(([status, { meaning, does, always }]) => {
    const more = does.action === 'slow' ? `; \`Retry-After\` counts instead, up to ${seconds(LONGEST_SLOW_MS)}` : '';
    return [status, meaning, always ? 'yes' : 'no', sentenceOf(does) + more];
  });
  const gateway = Object.entries(NOT_EXECUTED).map(([code, meaning]) => [`\`${code}\``, meaning, doesUnsent()]);
  return [
    INTRO,
    '## Codes of the API\n',
    table(['code', 'level', 'meaning', 'what Linkhaul does'], codes),
    '\nCodes that are not listed: 4xxxx fails the rows of the call, 5xxxx is sent again.\n',
    '## HTTP statuses that speak for themselves\n',
    table(['HTTP', 'meaning', 'whatever the body says', 'what Linkhaul does'], statuses),
    '\nAt every other status the body counts.\n',
    '## Codes of a gateway, at any HTTP status\n',
    table(['code', 'meaning', 'what Linkhaul does'], gateway),
    '\nAfter every other error of a gateway with HTTP 5xx the call may have been executed and charged.\n',
    NO_ANSWER,
    UNREADABLE,
    ROWS,
    table(['code', 'outcome', 'meaning', 'retryable'], ROW_CODES.map(rowCells)),
    '',
  ].join('\n');
}

function rowCells(code: RowErrorCode): readonly string[] {
  const outcome = code in INVALID_CODES ? 'invalid' : code in FAILED_CODES ? 'failed' : 'skipped';
  return [`\`${code}\``, `\`${outcome}\``, ROW_ERROR_CODES[code], isRetryable(code) ? 'yes' : 'no'];
}

const INVALID_FIELD_MORE =
  "; where the message names a parameter: as 40506; where it names a page's `offset`: the row fails";

function sentenceOf(does: CodeAction): string {
  switch (does.action) {
    case 'ok':
      return 'the answer is taken';
    case 'empty':
      return 'the rows are `empty`';
    case 'retry':
      return `the call is sent again, later each time; at failure ${MAX_FAILURES} its rows are \`failed\` (\`upstream_error\`)`;
    case 'slow':
      return `the whole account waits ${seconds(does.waitMs)}; no failure is counted`;
    case 'wait':
      return `this call waits ${does.waitMs / 3_600_000} h, others go on; no failure is counted`;
    case 'pause':
      return `the account's jobs pause (\`${does.reason}\`); nothing is lost`;
    case 'split':
      return 'a call of several targets is split until the bad one stands alone: that row is `failed` (`upstream_rejected`)';
    case 'stop':
      return 'its rows are `failed` (`upstream_rejected`); three such calls in a row stop the job as `failed`';
    case 'fail':
      return 'its rows are `failed` (`upstream_rejected`), with the message';
  }
}

function doesUnsent(): string {
  return `sent again, later each time, no failure counted; where that goes on, the account's jobs pause (\`upstream_down\`)`;
}

function doesUnknown(): string {
  return "it may have been executed and charged: `unknown`, looked up in the upstream's record, never sent again blindly; after a second paid answer is lost its rows are `failed` (`answer_lost`)";
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
