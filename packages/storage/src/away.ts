/**
 * Storage cannot serve now: its mount is missing, it takes no writes, it does not answer. Nothing may be concluded from
 * it, least of all that an object is not there; every step can be tried again later.
 */
export class StorageAway extends Error {
  override readonly name = 'StorageAway';
}
