import { runCommand } from './entry.js';

await runCommand('The demo', async (terminal) => (await import('./run-demo.js')).demo(terminal));
