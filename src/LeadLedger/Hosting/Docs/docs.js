'use strict';

// Everything is put in as text, so that nothing of the description can become markup.
const make = (tag, properties, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};

const key = document.getElementById('key');
document.getElementById('session').addEventListener('submit', event => event.preventDefault());

const resolve = (api, schema) => {
  if (!schema || !schema.$ref) return schema;
  return schema.$ref.split('/').slice(1).reduce((at, part) => at[part], api);
};

const example = (api, schema, depth = 0) => {
  const it = resolve(api, schema) || {};
  if (it.oneOf) return example(api, it.oneOf.find(one => one.type !== 'null'), depth);
  const type = Array.isArray(it.type) ? it.type.find(one => one !== 'null') : it.type;
  if (type === 'object' || it.properties) {
    const made = {};
    if (depth < 3) for (const [name, member] of Object.entries(it.properties || {})) made[name] = example(api, member, depth + 1);
    return made;
  }
  if (type === 'array') return depth < 3 ? [example(api, it.items, depth + 1)] : [];
  if (type === 'boolean') return false;
  if (type === 'integer' || type === 'number') return 0;
  return '';
};

const send = async (method, path, operation, fields, body, output) => {
  let target = path;
  const query = new URLSearchParams();
  for (const [parameter, input] of fields) {
    if (parameter.in === 'path') target = target.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value) query.set(parameter.name, input.value);
  }
  if ([...query].length) target += `?${query}`;
  const headers = {};
  if (key.value) headers.Authorization = `Bearer ${key.value}`;
  if (body) headers['Content-Type'] = 'application/json';
  output.textContent = '…';
  try {
    const answer = await fetch(target, { method, headers, body: body ? body.value : undefined, cache: 'no-store', credentials: 'omit' });
    const text = await answer.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: as it came */ }
    output.textContent = `${answer.status} ${answer.statusText}\n${shown}`;
  } catch (problem) {
    output.textContent = `No answer: ${problem.message}`;
  }
};

const show = (api, path, method, operation, id) => {
  const section = make('section', { id });
  section.append(make('h2', {}, make('span', { className: 'method', textContent: method.toUpperCase() }), make('code', { textContent: path })));
  section.append(make('p', { textContent: operation.summary || '' }));
  for (const part of (operation.description || '').split('\n\n').filter(Boolean)) section.append(make('p', { textContent: part }));
  const fields = [];
  if ((operation.parameters || []).length) {
    const table = make('table', {});
    for (const parameter of operation.parameters) {
      const input = make('input', { required: parameter.required === true });
      input.setAttribute('aria-label', parameter.name);
      fields.push([parameter, input]);
      table.append(make('tr', {},
        make('td', {}, make('code', { textContent: parameter.name + (parameter.required ? ' *' : '') })),
        make('td', { textContent: parameter.description || '' }), make('td', {}, input)));
    }
    section.append(make('h3', { textContent: 'Parameters' }), table);
  }
  const media = operation.requestBody && operation.requestBody.content && operation.requestBody.content['application/json'];
  let body = null;
  if (media) {
    body = make('textarea', { spellcheck: false, value: JSON.stringify(example(api, media.schema), null, 2) });
    body.setAttribute('aria-label', 'Body');
    section.append(make('h3', { textContent: 'Body' }), body);
  }
  section.append(make('p', { textContent: 'Answers: ' + Object.keys(operation.responses || {}).join(', ') }));
  for (const [status, answer] of Object.entries(operation.responses || {})) {
    const content = answer.content && answer.content['application/json'];
    if (status === '200' && content && content.schema) {
      const details = make('details', {}, make('summary', { textContent: 'What is answered' }));
      details.append(make('pre', { textContent: JSON.stringify(example(api, content.schema), null, 2) }));
      section.append(details);
    }
  }
  if (!path.startsWith('/api/webhooks')) {
    const output = make('pre', {});
    const button = make('button', { type: 'button', textContent: 'Try it' });
    button.addEventListener('click', () => send(method.toUpperCase(), path, operation, fields, body, output));
    section.append(button, output);
  } else {
    section.append(make('p', { textContent: 'Providers sign these requests; they cannot be tried from here.' }));
  }
  return section;
};

const build = api => {
  const main = document.getElementById('main');
  const list = document.getElementById('list');
  main.replaceChildren(make('p', { textContent: api.info.description || '' }));
  const byTag = new Map();
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = (operation.tags || ['Other'])[0];
      if (!byTag.has(tag)) byTag.set(tag, []);
      byTag.get(tag).push([path, method, operation]);
    }
  }
  for (const [tag, operations] of byTag) {
    list.append(make('li', { className: 'tag', textContent: tag }));
    main.append(make('h2', { textContent: tag }));
    for (const [path, method, operation] of operations) {
      const id = `${method}${path.replace(/[^a-zA-Z]+/g, '-')}`;
      const entry = make('li', {}, make('a', { href: `#${id}`, textContent: `${method.toUpperCase()} ${path}` }));
      entry.dataset.text = `${method} ${path} ${operation.summary || ''}`.toLowerCase();
      list.append(entry);
      main.append(show(api, path, method, operation, id));
    }
  }
  document.getElementById('filter').addEventListener('input', event => {
    const wanted = event.target.value.toLowerCase();
    for (const entry of list.querySelectorAll('li[data-text]')) entry.hidden = !entry.dataset.text.includes(wanted);
  });
};

fetch('/openapi/v1.json').then(answer => answer.json()).then(build).catch(problem => {
  document.getElementById('about').textContent = `The description cannot be read: ${problem.message}`;
});
