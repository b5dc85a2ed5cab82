import { createHash } from 'node:crypto';
import { html, Markup, prose } from './markup.js';
import { contentHtml, operationHtml } from './operation-html.js';
import { type DocumentView, documentView } from './read-document.js';
import { fieldsHtml, typeHtml } from './schema-html.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';

export interface Page {
  readonly text: string;
  /** The Content-Security-Policy: only the page's own style and script. The page loads nothing. */
  readonly policy: string;
}

/** The reference page of an OpenAPI document, as one file. */
export function createPage(document: unknown): Page {
  const view = documentView.parse(document);
  const { title, version, description } = view.info;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}: HTTP API</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the reference</a>
<header><h1>${title} <span class="quiet">HTTP API ${version}</span></h1></header>
<nav aria-label="Operations"><details open><summary>Contents</summary>${contentsHtml(view)}</details></nav>
<main id="main">
<section class="intro">${prose(description)}
<p>Send <code>Authorization: Bearer &lt;key&gt;</code>, unless the service runs without keys on a loopback address. The lines below take the service's address from <code>LINKHAUL_URL</code>, and the key from <code>LINKHAUL_API_KEY</code>. An error is a <a href="#schema-Problem">problem</a> of RFC 9457; its <code>type</code> ends in one of the codes listed at each status. This page is made from the <a href="openapi.json">OpenAPI 3.1 description</a>.</p></section>
${view.tags.map((tag) => groupHtml(tag, view))}
<section><h2 id="schemas">Schemas</h2>${Object.entries(view.components.schemas).map(schemaHtml)}</section>
</main>
<p id="said" role="status"></p>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`;
  const own = `default-src 'none'; style-src ${sourceOf(STYLE)}; script-src ${sourceOf(SCRIPT)}`;
  return { text: page.text, policy: `${own}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'` };
}

type Tag = DocumentView['tags'][number];
type Named = DocumentView['components']['schemas'];

function operationsOf({ name }: Tag, { paths }: DocumentView) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation.tags.includes(name) ? [{ method, path, operation }] : [],
    ),
  );
}

function contentsHtml(view: DocumentView): Markup {
  const groups = view.tags.map(
    (tag) =>
      html`<li><a href="#${anchorOf(tag)}">${tag.name}</a><ul>${operationsOf(tag, view).map(
        ({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`,
      )}</ul></li>`,
  );
  return html`<ul>${groups}<li><a href="#schemas">Schemas</a></li></ul>`;
}

function groupHtml(tag: Tag, view: DocumentView): Markup {
  const received =
    tag.name === 'Webhooks' ? Object.values(view.webhooks).flatMap((methods) => Object.values(methods)) : [];
  return html`<section><h2 id="${anchorOf(tag)}">${tag.name}</h2>${prose(tag.description)}
${operationsOf(tag, view).map(({ method, path, operation }) => operationHtml(method, path, operation))}
${received.map(({ summary, requestBody }) => html`<article><h3>${summary}</h3>${contentHtml(requestBody.content)}</article>`)}</section>`;
}

function schemaHtml([name, schema]: [string, Named[string]]): Markup {
  const { description, properties } = schema;
  return html`<article class="schema" id="schema-${name}"><h3><a href="#schema-${name}">${name}</a></h3>
${description !== undefined && prose(description)}${properties === undefined ? html`<p class="type">${typeHtml(schema)}</p>` : fieldsHtml(schema)}</article>`;
}

function anchorOf({ name }: Tag): string {
  return `group-${name.toLowerCase().replaceAll(' ', '-')}`;
}

/** The hash by which a Content-Security-Policy allows an inline text. */
function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
