import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import { isLive } from '../service/changes.js';
import { endSession, hasKey, hasTenant } from '../service/session.js';
import { Button, ButtonLink } from '../ui/button.js';
import { Icon, type IconName } from '../ui/icon.js';
import { DataBanner } from './data-banner.js';
import { ThemeButton } from './theme.js';
import './shell.css';

const PLACES: readonly {
  readonly href: string;
  readonly words: string;
  readonly icon: IconName;
  readonly at: RegExp;
}[] = [
  { href: '/', words: 'Jobs', icon: 'jobs', at: /^\/($|jobs)/ },
  { href: '/tags', words: 'Tags', icon: 'tag', at: /^\/tags/ },
  { href: '/watches', words: 'Watches', icon: 'retry', at: /^\/watches/ },
  { href: '/service', words: 'Service', icon: 'service', at: /^\/service/ },
];

/** The frame of every page: links to the other pages, and whether the page is live. */
export function Shell({ children }: { readonly children: ComponentChildren }) {
  const { path } = useLocation();
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="bar">
        <a class="brand" href="/">
          <Mark />
          Linkhaul
        </a>
        <nav aria-label="Pages">
          {PLACES.map(({ href, words, icon, at }) => (
            <a key={href} href={href} aria-current={at.test(path) ? 'page' : undefined}>
              <Icon name={icon} />
              {words}
            </a>
          ))}
        </nav>
        <ButtonLink href="/new" kind="primary" icon="plus">
          New job
        </ButtonLink>
        <div class="bar-end">
          <Connection />
          <a class="button bare" href="/docs" target="_blank" rel="noreferrer">
            <Icon name="book" />
            API
          </a>
          <ThemeButton />
          {hasKey.value && (
            <Button kind="bare" icon="key" onClick={() => endSession()}>
              Sign out
            </Button>
          )}
        </div>
      </header>
      <DataBanner />
      <main id="main" tabindex={-1}>
        {children}
      </main>
    </div>
  );
}

function Connection() {
  if (!hasTenant.value) return null;
  return (
    <p class={`connection ${isLive.value ? 'live' : ''}`} role="status">
      <i aria-hidden="true" />
      {isLive.value ? 'Live' : 'Connecting'}
    </p>
  );
}

export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <rect width="32" height="32" rx="7" />
      <path d="M9 8v13a3 3 0 0 0 3 3h11" />
      <circle cx="17.5" cy="14" r="3.2" />
    </svg>
  );
}
