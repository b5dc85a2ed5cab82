/** Whether the error has this system code. */
export function hasCode(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}

/** The system's code, such as `EROFS`. Null for an error of another kind. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** True also if a part of the path is no folder. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR');
}
