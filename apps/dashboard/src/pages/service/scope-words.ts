import type { KeyScope } from '@linkhaul/schemas';

export const SCOPE_WORDS: Readonly<Record<KeyScope, { readonly title: string; readonly says: string }>> = {
  read: { title: 'Read', says: 'jobs, results and usage' },
  submit: { title: 'Submit', says: 'all of that, and sends lists and acts on jobs' },
  admin: { title: 'Admin', says: "all of that, and the tenant's keys and webhooks" },
};

export const SCOPES: readonly KeyScope[] = ['read', 'submit', 'admin'];
