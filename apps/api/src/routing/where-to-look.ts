/** The documentation for people. */
export const DOCS_PATH = '/docs';
/** The documentation for programs. */
export const OPENAPI_PATH = '/openapi.json';
