/** Loaded with `--import` into a process of ours, which then says when it loads the module whose address has `at` in it. */
import { register } from 'node:module';

const { searchParams } = new URL(import.meta.url);
const forever = searchParams.get('stay') === 'true';
register(import.meta.resolve('./loading-hooks.mjs'), { data: { at: searchParams.get('at'), forever } });
// A process that waits for a module alone would end.
if (forever) setInterval(() => {}, 60_000);
