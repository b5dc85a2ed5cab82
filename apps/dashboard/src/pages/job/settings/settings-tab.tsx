import type { Job } from '@linkhaul/schemas';
import { settingsOf } from './settings-of.js';
import './settings.css';

export function SettingsTab({ job }: { readonly job: Job }) {
  return (
    <div class="settings">
      {settingsOf(job).map(({ title, settings }) => (
        <section key={title} class="card">
          <h2>{title}</h2>
          <dl>
            {settings.map(({ name, value, isCode = false }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd class={isCode ? 'mono' : ''}>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
