/** In both colour schemes text has a contrast of 5.8 to 1 or more, on the page and on raised surfaces. */
export const STYLE = `
:root { color-scheme: light dark; --back: #fff; --raised: #f4f5f7; --text: #1b1f24; --quiet: #57606a; --rule: #d8dee4; --link: #0550ae; --get: #0550ae; --post: #116329; --put: #7d4e00; --delete: #a40e26; }
@media (prefers-color-scheme: dark) { :root { --back: #0f1216; --raised: #1a1f26; --text: #e6e9ed; --quiet: #9aa4af; --rule: #2e353e; --link: #79b8ff; --get: #79b8ff; --post: #6fd88a; --put: #e3b341; --delete: #ff8f87; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
code, pre { font: 0.875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre code { font-size: 1em; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
h1, h2, h3, h4, p, ul, dl, dd, figure { margin: 0; }
ul { padding: 0; list-style: none; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--back); padding: 0.5rem; z-index: 1; }
header { padding: 1.25rem 1.5rem; border-bottom: 1px solid var(--rule); }
h1 { font-size: 1.375rem; }
h1 .quiet { font-weight: 400; font-size: 1rem; }
h2 { font-size: 1.5rem; padding-top: 2.5rem; }
h3 { font-size: 1.125rem; }
h3 a { color: inherit; text-decoration: none; }
h3 a:hover { text-decoration: underline; }
h4 { font-size: 0.8125rem; color: var(--quiet); margin-top: 1.25rem; border-bottom: 1px solid var(--rule); padding-bottom: 0.25rem; }
.quiet, .key, figcaption { color: var(--quiet); }
nav { padding: 1rem 1.5rem; font-size: 0.9375rem; }
nav summary { font-weight: 600; cursor: pointer; padding: 0.25rem 0; }
nav a { display: block; padding: 0.2rem 0; color: inherit; text-decoration: none; }
nav a:hover { text-decoration: underline; }
nav > details > ul > li { margin-top: 0.75rem; }
nav > details > ul > li > a { font-weight: 600; }
nav ul ul a { color: var(--quiet); padding-left: 0.75rem; border-left: 1px solid var(--rule); }
main { padding: 0 1.5rem 4rem; max-width: 52rem; min-width: 0; }
.intro { padding-top: 1.25rem; }
.intro p + p, article > p { margin-top: 0.5rem; }
article { padding: 1.75rem 0; border-bottom: 1px solid var(--rule); }
article.schema { padding: 1.25rem 0; }
article:target h3 { text-decoration: underline; }
.line { display: flex; flex-wrap: wrap; gap: 0.25rem 0.625rem; align-items: baseline; }
.method { font: 700 0.8125rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); } .delete { color: var(--delete); }
.key { font-size: 0.875rem; }
figure { margin-top: 0.875rem; }
figcaption { font-size: 0.875rem; display: flex; gap: 0.75rem; justify-content: space-between; align-items: end; margin-bottom: 0.25rem; }
pre { margin: 0; padding: 0.75rem 0.875rem; background: var(--raised); border-radius: 6px; overflow-x: auto; overflow-wrap: normal; }
.copy { flex: none; min-height: 2rem; padding: 0 0.625rem; font: inherit; font-size: 0.8125rem; color: var(--text); background: var(--back); border: 1px solid var(--rule); border-radius: 6px; cursor: pointer; }
.fields > li { padding: 0.375rem 0; }
.fields > li + li { border-top: 1px solid var(--rule); }
.fields .fields { margin: 0.375rem 0 0 0.25rem; padding-left: 0.75rem; border-left: 2px solid var(--rule); }
.fields p, .contents p { font-size: 0.9375rem; color: var(--quiet); }
.name { font-weight: 600; }
.type { font-size: 0.9375rem; }
.must { font-size: 0.8125rem; font-weight: 600; color: var(--put); }
.contents > li { padding: 0.25rem 0; }
.answers { display: grid; grid-template-columns: 3rem minmax(0, 1fr); gap: 0.5rem 0.5rem; margin-top: 0.5rem; }
.status { font: 600 0.875rem/1.75 ui-monospace, Menlo, Consolas, monospace; }
.s2, .s3 { color: var(--post); } .s4 { color: var(--put); } .s5 { color: var(--delete); }
#said { position: absolute; left: -999rem; }
@media (min-width: 60.01rem) {
  body { display: grid; grid-template-columns: 18rem minmax(0, 1fr); grid-template-rows: auto 1fr; }
  header { grid-column: 1 / -1; }
  nav { position: sticky; top: 0; align-self: start; height: 100vh; overflow-y: auto; border-right: 1px solid var(--rule); }
}
@media (max-width: 30rem) {
  header, nav, main { padding-left: 1rem; padding-right: 1rem; }
}
@media print { nav, .copy { display: none; } }
`;
