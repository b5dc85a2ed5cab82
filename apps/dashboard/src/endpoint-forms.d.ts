declare module 'virtual:endpoint-forms' {
  /** What the page's forms need to know about each endpoint. */
  export const ENDPOINT_FORMS: Readonly<
    Record<
      import('@linkhaul/schemas').EndpointName,
      import('./pages/new-job/parameters/parameter-form.js').EndpointForm
    >
  >;
}
