import { useSignal } from '@preact/signals';
import { Button } from './button.js';
import { copied } from './copy.js';
import './code-block.css';

/** Lines of code with a button that copies them. */
export function CodeBlock({ text }: { readonly text: string }) {
  const isCopied = useSignal(false);
  const copy = async () => {
    isCopied.value = await copied(text);
  };
  return (
    <div class="code-block">
      <pre tabindex={0}>
        <code>{text}</code>
      </pre>
      <Button icon={isCopied.value ? 'check' : 'copy'} onClick={copy}>
        {isCopied.value ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}
