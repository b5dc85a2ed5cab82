import { writeFileSync } from 'node:fs';
import { statusCodesPage } from '../dist/classify/status-codes.js';

/** Writes docs/status-codes.md from the tables of the built worker. */
writeFileSync(new URL('../../../docs/status-codes.md', import.meta.url), statusCodesPage());
