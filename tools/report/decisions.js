// SPDX-License-Identifier: MIT
// Second thoughts: documents that the reader wants kept or dropped after all, as a file that
// `neardup apply PLAN --decisions FILE` takes. The browser remembers them until they are undone.

const changes = new Map(); // "corpus/number" -> the line of the file
const changeListeners = [];
let planKey = null; // under which the browser keeps the changes; NULL = nowhere

function changeKey(group, member) {
  return `${group.corpus}/${member.number}`;
}

function decisionOf(group, member) {
  const change = changes.get(changeKey(group, member));
  return change && change.text_hash === member.text_hash ? change.decision : member.decision;
}

function tellChanges() {
  for (const listener of changeListeners) {
    listener();
  }
}

// Browsers may refuse to keep anything for a file that was opened from a disk.
function keepChanges() {
  try {
    if (changes.size === 0) {
      localStorage.removeItem(planKey);
    } else {
      localStorage.setItem(planKey, JSON.stringify([...changes]));
    }
  } catch {
    planKey = null;
  }
}

function isChange(entry) {
  return Array.isArray(entry) && typeof entry[0] === 'string' && entry[1] !== null &&
    typeof entry[1] === 'object' && ['keep', 'drop'].includes(entry[1].decision) &&
    Number.isInteger(entry[1].number);
}

// The pages of one plan share their decisions: what was ticked on another page is saved here, too.
function recallChanges(data) {
  planKey = `neardup decisions ${data.runs.map((run) => `${run.corpus} ${run.options.preset} ` +
    run.options.threshold).join(' ')}`;
  try {
    for (const entry of JSON.parse(localStorage.getItem(planKey) || '[]').filter(isChange)) {
      changes.set(entry[0], entry[1]);
    }
  } catch {
    planKey = null;
  }
  tellChanges();
}

function decide(group, member, decision) {
  const key = changeKey(group, member);
  if (decision === member.decision) {
    changes.delete(key);
  } else {
    changes.set(key, {corpus: group.corpus, number: member.number, id: member.id,
      text_hash: member.text_hash, decision});
  }
  keepChanges();
  tellChanges();
}

function forgetChanges() {
  changes.clear();
  keepChanges();
  tellChanges();
}

// One JSON object a line: a head, then a line for each document.
function decisionLines(data) {
  const lines = [JSON.stringify({type: 'neardup-decisions', schema_version: 1})];
  const order = data.runs.map((run) => run.corpus);
  const sorted = [...changes.values()].sort((a, b) =>
    order.indexOf(a.corpus) - order.indexOf(b.corpus) || a.number - b.number);
  return `${lines.concat(sorted.map((change) => JSON.stringify(change))).join('\n')}\n`;
}

function saveDecisions(data) {
  const blob = new Blob([decisionLines(data)], {type: 'application/jsonl'});
  const address = URL.createObjectURL(blob);
  const anchor = el('a', {href: address, download: 'decisions.jsonl'});
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  say('Saved decisions.jsonl');
}

function decisionBar(data) {
  const text = el('span', {});
  const command = 'neardup apply plan.jsonl --decisions decisions.jsonl -o jsonl:kept.jsonl';
  const copy = el('button', {type: 'button', onclick: () => copyText(command, copy)}, 'Copy');
  const bar = el('div', {class: 'decision-bar', id: 'decision-bar', hidden: true}, text,
    el('button', {type: 'button', class: 'primary', id: 'save-decisions',
      onclick: () => saveDecisions(data)}, 'Save decisions'),
    el('button', {type: 'button', onclick: forgetChanges}, 'Undo all'),
    el('span', {class: 'command'}, el('code', {}, command), copy));
  changeListeners.push(() => {
    bar.hidden = changes.size === 0;
    text.textContent = plural(changes.size, 'changed decision');
  });
  return bar;
}
