import { runCommand } from './entry.js';

await runCommand('Making the pictures', async (terminal) =>
  (await import('./run-screenshots.js')).screenshots(terminal),
);
