import type { InputReport } from '@linkhaul/schemas';
import { count } from '../../../format/numbers.js';

/** The first rows that are left out, with reasons, and the first that look odd. */
export function InvalidRows({ input, invalid }: { readonly input: InputReport; readonly invalid: number }) {
  const { invalid_sample: sample, hints } = input;
  const more = invalid - sample.length;
  return (
    <>
      {sample.length > 0 && (
        <section class="rows-list bad">
          <h3>Invalid rows</h3>
          <ul>
            {sample.map(({ line, input: text, message }) => (
              <li key={line}>
                <p class="mono clip" title={text}>
                  <span class="quiet">{line}</span> {text}
                </p>
                <p class="quiet">{message}</p>
              </li>
            ))}
          </ul>
          {more > 0 && <p class="quiet">and {count(more)} more</p>}
        </section>
      )}
      {hints.length > 0 && (
        <section class="rows-list">
          <h3>Rows that look odd</h3>
          <ul>
            {hints.map(({ line, message }) => (
              <li key={line}>
                <p>
                  <span class="quiet mono">{line}</span> {message}
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
