declare module 'virtual:endpoint-forms' {
  /** What a form needs to know of each endpoint. */
  export const ENDPOINT_FORMS: Readonly<
    Record<
      import('@linkhaul/schemas').EndpointName,
      import('./pages/new-job/parameters/parameter-form.js').EndpointForm
    >
  >;
}
