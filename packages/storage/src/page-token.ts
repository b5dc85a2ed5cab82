/** With this token the upstream gives the page after those that are stored. Other accounts cannot use it. */
export interface PageToken {
  readonly text: string;
  readonly account: string;
}
