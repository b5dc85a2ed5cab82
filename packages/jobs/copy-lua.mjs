import { cpSync } from 'node:fs';

// tsc leaves other files behind; the scripts are read from beside the code at run time.
cpSync('src/lua', 'dist/lua', { recursive: true });
