import { cpSync, statSync } from 'node:fs';

// tsc leaves other files behind; the scripts are read from beside the code at run time.
cpSync('src', 'dist', { recursive: true, filter: (path) => statSync(path).isDirectory() || path.endsWith('.lua') });
