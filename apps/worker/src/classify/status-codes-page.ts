import {
  FAILED_CODES,
  INVALID_CODES,
  isRetryable,
  ROW_CODES,
  ROW_ERROR_CODES,
  type RowErrorCode,
} from '@linkhaul/schemas';
import { MAX_FAILURES } from '../call/attempt-limits.js';
import { LONGEST_SLOW_MS } from './classify-reply.js';
import { HTTP_STATUSES } from './http-statuses.js';
import { type CodeAction, INVALID_FIELD, NOT_EXECUTED, STATUS_CODES } from './status-codes.js';

const INTRO = `# Status codes

What the upstream can answer to a call, and what Linkhaul then does. This page is written from the tables in
\`apps/worker/src/classify\` that make the decision. Change those tables, then write the page:
\`pnpm build && pnpm exec vitest run apps/worker/test/status-codes.test.ts --update\`.

An answer has two status codes: one in the envelope, and one in the task inside it. If the envelope's code is not 20000, it decides;
otherwise the task's code decides. Linkhaul goes by the number, since messages vary. The cost of every answer counts, also of one that
reports a failure.
`;

const NO_ANSWER = `## No answer

| what happened | what Linkhaul does |
|---|---|
| no connection: refused, unknown host name, no route, TLS failed | nothing was sent: ${doesUnsent()} |
| no API answer: connection reset, time-out, a body that is cut off or cannot be read, any HTTP status not listed above | ${doesUnknown()} |
| HTTP 5xx whose body says 20000, or an answer with the tag of another call | the same |
| a code that asks for another try, in an answer without a cost | the same |
| HTTP 2xx with a complete body that is no API answer, or that says 20000 without a task | the same, and keeps the body: if the record shows the call, its rows are \`failed\` (\`answer_unreadable\`) and nothing is bought again |
| HTTP 2xx with a body longer than \`MAX_ANSWER_BYTES\` | keeps the first bytes; the rows are \`failed\` (\`answer_unreadable\`) |
`;

const UNREADABLE = `## Answers that cannot be read

An answer with 20000 or 40106 was paid for. If Linkhaul cannot read its items, it keeps the answer, its rows are \`failed\`
(\`answer_unreadable\`), and the call is not bought again unless you ask for it. After three such answers in a row, the tenant's jobs of
that endpoint pause (\`upstream_changed\`) until somebody resumes them: [what to do](operations.md#when-answers-cannot-be-read).
`;

const ROWS = `## Codes of rows

All values that \`error.code\` of a row can have. \`error.message\` has the meaning below, and the upstream's own words if it gave any.

A retryable row may succeed if the same call is sent again. \`/retry\` takes retryable rows only, unless you send
\`retryable_only: false\` or name \`answer_unreadable\` or \`answer_damaged\` in \`codes\`. It never takes \`invalid\` rows.
`;

/** The text of docs/status-codes.md, written from the tables that decide. */
export function statusCodesPage(): string {
  const codes = Object.entries(STATUS_CODES).map(([code, { level, meaning, does }]) => {
    const more = Number(code) === INVALID_FIELD ? INVALID_FIELD_MORE : '';
    return [code, level ?? 'not documented', meaning, sentenceOf(does) + more];
  });
  const statuses = Object.entries(HTTP_STATUSES).map(([status, { meaning, does, always }]) => {
    const more =
      does.action === 'slow' ? `, or as long as \`Retry-After\` says, at most ${seconds(LONGEST_SLOW_MS)}` : '';
    return [status, meaning, always ? 'yes' : 'no', sentenceOf(does) + more];
  });
  const gateway = Object.entries(NOT_EXECUTED).map(([code, meaning]) => [`\`${code}\``, meaning, doesUnsent()]);
  return [
    INTRO,
    '## Codes of the API\n',
    table(['code', 'level', 'meaning', 'what Linkhaul does'], codes),
    '\nA code that is not listed: 4xxxx fails the rows of the call, 5xxxx sends the call again.\n',
    '## HTTP statuses\n',
    table(['HTTP', 'meaning', 'overrides an API answer in the body', 'what Linkhaul does'], statuses),
    '\nAt every other HTTP status the body decides.\n',
    '## Error codes of a gateway, at any HTTP status\n',
    table(['code', 'meaning', 'what Linkhaul does'], gateway),
    '\nAfter every other gateway error with HTTP 5xx, the call may have been executed and charged.\n',
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
  "; if the message names a parameter of the job: as 40506; if it names a page's `offset`: fails that row. A refusal of a page that was asked for by token: the page is asked for again by its offset, or its row fails";

/** What Linkhaul does, as the end of a sentence that begins with "Linkhaul". */
function sentenceOf(does: CodeAction): string {
  switch (does.action) {
    case 'ok':
      return 'takes the answer';
    case 'empty':
      return 'marks the rows `empty`';
    case 'retry':
      return `sends the call again, each time after a longer wait; at failure ${MAX_FAILURES} its rows are \`failed\` (\`upstream_error\`)`;
    case 'slow':
      return `counts no failure; the whole account waits ${seconds(does.waitMs)}`;
    case 'wait':
      return `counts no failure; this call waits ${does.waitMs / 3_600_000} h, other calls go on`;
    case 'pause':
      return `pauses the account's jobs (\`${does.reason}\`); nothing is lost`;
    case 'split':
      return 'splits the call until the bad target is alone; that row is `failed` (`upstream_rejected`)';
    case 'stop':
      return 'fails the rows (`upstream_rejected`); after three such calls in a row the job is `failed`';
    case 'fail':
      return "fails the rows (`upstream_rejected`), with the upstream's message";
  }
}

function doesUnsent(): string {
  return "sends the call again, each time after a longer wait, and counts no failure; if that goes on, pauses the account's jobs (`upstream_down`)";
}

function doesUnknown(): string {
  return "the call may have been executed and charged, so it is `unknown`: Linkhaul looks it up in the upstream's record and never sends it again blindly; after a second paid answer is lost, its rows are `failed` (`answer_lost`)";
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
