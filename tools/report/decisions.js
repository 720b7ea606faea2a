// SPDX-License-Identifier: MIT
// Second thoughts: documents that the reader wants kept or dropped after all, as a file that
// `neardup apply PLAN --decisions FILE` takes.

const changes = new Map(); // "run/number" -> {run, member, decision}
const changeListeners = [];

function changeKey(group, member) {
  return `${group.run}/${member.number}`;
}

function decisionOf(group, member) {
  const change = changes.get(changeKey(group, member));
  return change ? change.decision : member.decision;
}

function decide(group, member, decision) {
  const key = changeKey(group, member);
  if (decision === member.decision) {
    changes.delete(key);
  } else {
    changes.set(key, {run: group.run, member, decision});
  }
  for (const listener of changeListeners) {
    listener();
  }
}

function forgetChanges() {
  changes.clear();
  for (const listener of changeListeners) {
    listener();
  }
}

// One JSON object a line: a head, then a line for each document.
function decisionLines(data) {
  const lines = [JSON.stringify({type: 'neardup-decisions', schema_version: 1})];
  const sorted = [...changes.values()].sort((a, b) => a.run - b.run ||
    a.member.number - b.member.number);
  for (const {run, member, decision} of sorted) {
    lines.push(JSON.stringify({corpus: data.runs[run].corpus, number: member.number,
      id: member.id, text_hash: member.text_hash, decision}));
  }
  return `${lines.join('\n')}\n`;
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
