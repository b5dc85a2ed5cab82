/** By which the upstream gives the page behind those that are stored. It is worth nothing to another account. */
export interface PageToken {
  readonly text: string;
  readonly account: string;
}
