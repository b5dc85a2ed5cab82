/** Copies a text. False where the browser does not let the page do it. */
export async function copied(text: string): Promise<boolean> {
  // Over plain HTTP from another machine a browser has no clipboard of the newer kind.
  if (!('clipboard' in navigator) || navigator.clipboard === undefined) return copiedFromField(text);
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

function copiedFromField(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  const before = document.activeElement;
  // What is outside an open window cannot be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}
