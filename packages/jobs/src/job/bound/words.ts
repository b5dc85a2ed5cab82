/** A time to the second, so that a sentence stays the same while nothing changes. */
export function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** `1 call`, `2 calls`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** `1 worker is`, `2 workers are`. */
export function thereBe(count: number, noun: string): string {
  return `${counted(count, noun)} ${count === 1 ? 'is' : 'are'}`;
}

/** `1 call waits`, `2 calls wait`. */
export function waits(count: number, noun: string): string {
  return `${counted(count, noun)} ${count === 1 ? 'waits' : 'wait'}`;
}

/** Someone else's words, in a form that can stand inside a sentence. */
export function quoted(words: string): string {
  return words.trim().replace(/\.$/, '');
}
