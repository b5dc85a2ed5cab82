import { boot } from '@linkhaul/runtime/boot';

await boot(process, () => import('./run.js'));
