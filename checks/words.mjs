// Names each place where a file of the project uses words that CONTRIBUTING.md's table of words says not to use, or has a mark
// of a merge that was not resolved.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { exit, stderr, stdout } from 'node:process';

const RULES = 'CONTRIBUTING.md';
/** Files that hold the words of others, or of a program. */
const NOT_READ = /^(pnpm-lock\.yaml|LICENSE|.*\/LICENSE)$|\.(json|svg|png|gz|csv|tsv|txt)$/;

/** The rows `| write | instead of |` below the heading `### Words not used`, as one pattern for all their texts. */
function readRules() {
  const [, section = ''] = readFileSync(RULES, 'utf8').split('### Words not used\n');
  const rows = [...section.matchAll(/^\| (?!write|-)(.+?) \| (.+?) \|$/gm)];
  return rows.flatMap(([, better, words]) => words.split(', ').map((word) => ({ better, word: word.toLowerCase() })));
}

function findIn(path, pattern) {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, at) => [...line.matchAll(pattern)].map(([word]) => ({ at: at + 1, word: word.toLowerCase() })));
}

const rules = readRules();
// Without a rule nothing could be found.
if (rules.length === 0) throw new Error(`${RULES} has no table of words that are not used`);
const pattern = new RegExp(`(?<![\\w-])(?:${rules.map(({ word }) => word).join('|')})(?![\\w-])`, 'gi');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && path !== RULES && !NOT_READ.test(path));
let found = 0;
for (const path of files) {
  for (const { at, word } of findIn(path, pattern)) {
    const { better } = rules.find((rule) => rule.word === word) ?? {};
    stderr.write(`${path}:${at}: "${word}": write ${better}\n`);
    found++;
  }
  for (const { at } of findIn(path, /^(?:<{7}|>{7}) /g)) {
    stderr.write(`${path}:${at}: a mark of a merge\n`);
    found++;
  }
}
if (found > 0) exit(1);
stdout.write(`${files.length} files, none with words that are not used here\n`);
