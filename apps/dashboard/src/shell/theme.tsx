import { effect, signal } from '@preact/signals';
import { Button } from '../ui/button.js';

const KEPT_AS = 'linkhaul.theme';

type Theme = 'light' | 'dark';

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
const saved = localStorage.getItem(KEPT_AS);

/** The system's theme, unless the user has chosen another. */
export const theme = signal<Theme>(saved === 'light' || saved === 'dark' ? saved : systemTheme());

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});
systemIsDark.addEventListener('change', () => {
  if (localStorage.getItem(KEPT_AS) === null) theme.value = systemTheme();
});

export function ThemeButton() {
  const other: Theme = theme.value === 'dark' ? 'light' : 'dark';
  return (
    <Button
      kind="bare"
      icon={other === 'dark' ? 'moon' : 'sun'}
      label={`Use the ${other} colours`}
      onClick={() => {
        theme.value = other;
        localStorage.setItem(KEPT_AS, other);
      }}
    >
      {null}
    </Button>
  );
}

function systemTheme(): Theme {
  return systemIsDark.matches ? 'dark' : 'light';
}
