/** Copies the example beside a button; on a narrow screen the table of contents starts closed. */
export const SCRIPT = `
const contents = document.querySelector('nav details');
const narrow = matchMedia('(max-width: 60rem)');
const fit = () => { contents.open = !narrow.matches; };
narrow.addEventListener('change', fit);
fit();
contents.addEventListener('click', ({ target }) => { if (narrow.matches && target.closest('a')) contents.open = false; });
const said = document.getElementById('said');
const select = (element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
};
document.addEventListener('click', async ({ target }) => {
  const button = target.closest('button.copy');
  if (!button) return;
  const code = button.closest('figure').querySelector('code');
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = said.textContent = 'Copied';
  } catch {
    // Without a secure context there is no clipboard: the lines stay selected, to be copied by hand.
    select(code);
    button.textContent = said.textContent = 'Selected';
  }
  setTimeout(() => { button.textContent = 'Copy'; said.textContent = ''; }, 1500);
});
`;
