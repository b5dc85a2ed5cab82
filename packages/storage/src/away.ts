/**
 * Storage cannot serve now: its mount is missing, it takes no writes, or it does not answer. Nothing may be concluded from
 * that, least of all that an object does not exist. Every step can be tried again later.
 */
export class StorageAway extends Error {
  override readonly name = 'StorageAway';
}
