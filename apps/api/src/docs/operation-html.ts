import { html, type Markup, prose } from './markup.js';
import type { AnswerView, ContentView, OperationView, ParameterView } from './read-document.js';
import { defaultHtml, fieldsHtml, typeHtml } from './schema-html.js';

const KEYS: Readonly<Record<OperationView['x-access'], string>> = {
  open: 'No key',
  tenant: "A tenant's key",
  any: "A tenant's key or the admin's",
  admin: "The admin's key",
};

/** One operation: what to send, what comes back, and commands to try. */
export function operationHtml(method: string, path: string, operation: OperationView): Markup {
  const { operationId: id, summary, description, parameters, requestBody, responses } = operation;
  const bodies = Object.entries(requestBody.content);
  return html`<article id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title"><a href="#${id}">${summary}</a></h3>
<p class="line"><span class="method ${method}">${method.toUpperCase()}</span> <code>${pathHtml(path)}</code> <span class="key">${keyHtml(operation)}</span></p>
${prose(description)}
${examplesHtml(operation)}
${parameters.length > 0 && html`<h4>Parameters</h4><ul class="fields">${parameters.map(parameterHtml)}</ul>`}
${bodies.length > 0 && html`<h4>Body</h4>${contentHtml(requestBody.content)}`}
<h4>Answers</h4><dl class="answers">${Object.entries(responses).map(answerHtml)}</dl>
</article>`;
}

/** Whose key the operation takes, and the scope that the key needs. */
function keyHtml({ 'x-access': access, 'x-scope': scope }: OperationView): Markup {
  return html`${KEYS[access]}${scope !== undefined && html`, scope <code>${scope}</code>`}`;
}

/** A long path may break after any of its slashes. */
function pathHtml(path: string): Markup {
  return html`${path.split('/').map((step, at) => (at === 0 ? html`${step}` : html`/<wbr>${step}`))}`;
}

function examplesHtml({ 'x-codeSamples': samples }: OperationView): Markup {
  return html`${samples.map(
    ({
      label,
      source,
    }) => html`<figure><figcaption><span>${label}</span> <button type="button" class="copy" aria-label="Copy: ${label}">Copy</button></figcaption>
<pre tabindex="0"><code>${source}</code></pre></figure>`,
  )}`;
}

function parameterHtml({ name, in: place, required, description, schema, content }: ParameterView): Markup {
  const own = schema ?? Object.values(content)[0]?.schema ?? {};
  return html`<li><code class="name">${name}</code> <span class="type">${typeHtml(own)}</span>${required && html` <span class="must">required</span>`}${defaultHtml(own)} <span class="quiet">in the ${place}${schema === undefined && ', as JSON'}</span>
${description !== undefined && prose(description)}</li>`;
}

export function contentHtml(content: ContentView): Markup {
  return html`<ul class="contents">${Object.entries(content).map(
    ([type, { schema }]) => html`<li><code>${type}</code> <span class="type">${typeHtml(schema)}</span>
${schema.description !== undefined && prose(schema.description)}${schema.properties !== undefined && schema.$ref === undefined && fieldsHtml(schema)}</li>`,
  )}</ul>`;
}

/** Refusals are listed by code only: all have the same schema. */
function answerHtml([status, { description, headers, content }]: [string, AnswerView]): Markup {
  const isRefusal = 'application/problem+json' in content;
  const named = Object.entries(headers);
  return html`<dt class="status s${status.slice(0, 1)}">${status}</dt><dd>${prose(description)}
${named.length > 0 && html`<ul class="contents">${named.map(([name, said]) => html`<li><code>${name}</code> ${said.description}</li>`)}</ul>`}
${!isRefusal && Object.keys(content).length > 0 && contentHtml(content)}</dd>`;
}
