/** Copies a text. False if the browser does not allow it. */
export async function copied(text: string): Promise<boolean> {
  // Over plain HTTP from another machine, browsers do not offer the Clipboard API.
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
  // While a modal window is open, nothing outside it can be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}
