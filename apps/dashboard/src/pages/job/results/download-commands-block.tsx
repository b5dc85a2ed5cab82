import { useSignal } from '@preact/signals';
import { hasKey } from '../../../service/session.js';
import { CodeBlock } from '../../../ui/code-block.js';
import type { DownloadChoice } from './download-choice.js';
import { curlCommand, pythonLines, sqlLines } from './download-commands.js';

type Language = 'curl' | 'Python' | 'SQL';

const LANGUAGES: readonly Language[] = ['curl', 'Python', 'SQL'];

/** Commands that get the same file without this page. */
export function DownloadCommands({ choice }: { readonly choice: DownloadChoice }) {
  const language = useSignal<Language>('curl');
  const service = { origin: location.origin, needsKey: hasKey.value };
  const texts: Readonly<Record<Language, string>> = {
    curl: curlCommand(choice, service),
    Python: pythonLines(choice, service),
    SQL: sqlLines(choice),
  };
  return (
    <div class="download-lines">
      <h3>Without this page</h3>
      <div class="languages">
        {LANGUAGES.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={language.value === name}
            onClick={() => {
              language.value = name;
            }}
          >
            {name}
          </button>
        ))}
      </div>
      {/* The key makes a new block for each text, so that none is shown as copied before it was. */}
      <CodeBlock key={texts[language.value]} text={texts[language.value]} />
      <p class="quiet">
        {language.value === 'SQL' && 'For DuckDB, in the folder where the curl line has left the file. '}
        {language.value !== 'SQL' && service.needsKey && 'Put your key into LINKHAUL_API_KEY first.'}
      </p>
    </div>
  );
}
