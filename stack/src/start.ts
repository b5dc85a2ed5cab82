import { runCommand } from './entry.js';

await runCommand('Starting Linkhaul', async (terminal) => (await import('./run-start.js')).start(terminal));
