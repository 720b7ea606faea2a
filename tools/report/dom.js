// SPDX-License-Identifier: MIT
// Making elements. Text becomes text nodes and nothing else: no function here parses markup.

const SVG = 'http://www.w3.org/2000/svg';

function byId(id) {
  return document.getElementById(id);
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      node.append(typeof child === 'object' ? child : document.createTextNode(String(child)));
    }
  }
  return node;
}

// el('a', {class: 'x', href: u, onclick: f}, 'text', other, ...). Attributes that are false or
// undefined are left out; on... must be functions.
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (value === true) {
      node.setAttribute(name, '');
    } else if (value !== false && value !== undefined && value !== null) {
      node.setAttribute(name, String(value));
    }
  }
  return append(node, children);
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    node.setAttribute(name, String(value));
  }
  return append(node, children);
}

// Lengths that depend on data: the policy of the page forbids style attributes, not this.
function sized(node, property, value) {
  node.style.setProperty(property, value);
  return node;
}

function clear(node) {
  node.replaceChildren();
  return node;
}

// Text of a document in the middle of our own: its direction is its own, too.
function quoted(text, className) {
  return el('bdi', {dir: 'auto', class: className}, text);
}

// The name of a source, without its middle where it is long; the pointer shows all of it.
function shortName(name, most = 34) {
  const shown = quoted(middleCut(name, most));
  if (shown.textContent !== name) {
    shown.title = name;
  }
  return shown;
}

function say(text) {
  byId('said').textContent = text;
}

function copyText(text, button) {
  const done = () => {
    const before = button.textContent;
    button.textContent = 'Copied';
    say('Copied');
    setTimeout(() => { button.textContent = before; }, 1200);
  };
  if (navigator.clipboard && window.isSecureContext) {
    navigator.clipboard.writeText(text).then(done, () => copyBySelection(text, done));
  } else {
    copyBySelection(text, done);
  }
}

function copyBySelection(text, done) {
  const field = el('textarea', {class: 'offscreen', readonly: true});
  field.value = text;
  document.body.append(field);
  field.select();
  if (document.execCommand('copy')) {
    done();
  }
  field.remove();
}
