// SPDX-License-Identifier: MIT
// Everything with the keyboard.

const KEYS = [
  ['j, k', 'next and previous group'],
  ['Enter', 'open or close the group'],
  ['h, l', 'previous and next copy in the open group'],
  ['n, p', 'next and previous difference'],
  ['x', 'keep or drop the copy that is shown'],
  ['/', 'search'],
  ['Esc', 'leave the search, close the group'],
  ['?', 'this list'],
];

const STORY_KEYS = [['j, k', 'next and previous story'], ['Enter', 'open or close the story'],
  ['h, l', 'previous and next document in the open story'],
  ...KEYS.filter(([key]) => ['n, p', '/', '?'].includes(key)),
  ['Esc', 'leave the search, close the story']];

function helpDialog(keys) {
  const dialog = el('dialog', {id: 'help', 'aria-label': 'Keys'},
    el('h2', {}, 'Keys'),
    el('dl', {class: 'keys'}, keys.map(([key, meaning]) =>
      [el('dt', {}, el('kbd', {}, key)), el('dd', {}, meaning)])),
    el('form', {method: 'dialog'}, el('button', {class: 'primary'}, 'Close')));
  document.body.append(dialog);
  return dialog;
}

function visibleGroups(state) {
  return state.sorted.filter((group) => !group.card.hidden);
}

function currentGroup(state) {
  return state.groups.find((group) => group.card.contains(document.activeElement));
}

function moveGroup(state, step) {
  const groups = visibleGroups(state);
  const at = groups.indexOf(currentGroup(state));
  const next = groups[Math.max(0, Math.min(groups.length - 1, at < 0 ? 0 : at + step))];
  if (next) {
    next.card.querySelector('.card-head').focus();
    next.card.scrollIntoView({block: 'nearest'});
  }
}

function isOpen(group) {
  return group.card.querySelector('.card-head').getAttribute('aria-expanded') === 'true';
}

function toggleKept(group) {
  const member = group.copies[group.selected];
  if (member) {
    decide(group, member, decisionOf(group, member) === 'keep' ? 'drop' : 'keep');
    say(decisionOf(group, member) === 'keep' ? 'will be kept' : 'will be dropped');
  }
}

function onKey(state, dialog, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) {
    return;
  }
  const group = currentGroup(state);
  const field = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) &&
    event.target.type !== 'checkbox';
  if (event.key === 'Escape') {
    if (field) {
      event.target.blur();
    } else if (group) {
      toggleGroup(group, false);
      group.card.querySelector('.card-head').focus();
    }
    return;
  }
  if (field) {
    return;
  }
  const actions = {
    'j': () => moveGroup(state, 1),
    'k': () => moveGroup(state, -1),
    '/': () => byId('search') && byId('search').focus(),
    '?': () => dialog.showModal(),
    'h': () => group && isOpen(group) && group.select(group, group.selected - 1),
    'l': () => group && isOpen(group) && group.select(group, group.selected + 1),
    'n': () => group && group.differences && isOpen(group) && stepDifference(group, 1),
    'p': () => group && group.differences && isOpen(group) && stepDifference(group, -1),
    'x': () => group && group.inputs && isOpen(group) && toggleKept(group),
  };
  if (Object.hasOwn(actions, event.key)) {
    event.preventDefault();
    actions[event.key]();
  }
}

function listenToKeys(state) {
  const dialog = helpDialog(state.keys || KEYS);
  document.addEventListener('keydown', (event) => onKey(state, dialog, event));
  return dialog;
}
