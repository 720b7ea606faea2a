// SPDX-License-Identifier: MIT
// Search, filters and orders of stories.

const lastDay = (group) => (group.head.last_day === undefined ? -Infinity : group.head.last_day);
const firstDay = (group) => (group.head.first_day === undefined ? Infinity
  : group.head.first_day);
const STORY_ORDERS = {
  sources: ['most sources first', (a, b) => a.index - b.index],
  size: ['largest first', (a, b) => b.head.documents - a.head.documents],
  newest: ['newest first', (a, b) => lastDay(b) - lastDay(a) || 0],
  oldest: ['oldest first', (a, b) => firstDay(a) - firstDay(b) || 0],
  copied: ['most copied first', (a, b) => copiesOf(b.head) - copiesOf(a.head)],
  title: ['by title', (a, b) => titleOf(a.survivor).localeCompare(titleOf(b.survivor))],
};

function emptyStoryWanted() {
  return {words: [], source: null, pair: null, from: null, to: null, least: 0, copied: false};
}

function storyHaystack(group) {
  if (group.haystack === undefined) {
    const versions = group.members.map((m) => group.versions.get(m.number)).filter(Boolean);
    const texts = [group.head.headline, ...group.head.terms.map(([term]) => term),
      ...group.members.flatMap((m) => [m.title, m.lead, m.id, m.source, m.url, m.date]),
      ...versions.flatMap((v) => [...(v.text || []), ...(v.of_text || []), ...v.folded].flat())];
    group.haystack = texts.filter((text) => typeof text === 'string').join('\n')
      .replace(/\s+/g, ' ').toLocaleLowerCase();
  }
  return group.haystack;
}

function sourceOf(group, number, from) {
  const other = group.byNumber.get(number) || from || {};
  return sourceName(other.source);
}

// Whether a document of the one source took from one of the other.
function hasTaking(group, {kept, dropped}) {
  return group.members.some((m) => m.of !== undefined && sourceName(m.source) === dropped &&
    sourceOf(group, m.of, m.from) === kept);
}

// Whether a document of the story has a date in the range; without a range all do.
function isInRange(group, {from, to}) {
  return (from === null && to === null) || group.members.some((m) => !isUndated(m) &&
    (from === null || m.day >= from) && (to === null || m.day < to + 1));
}

function isStoryWanted(group, wanted) {
  return group.head.documents >= wanted.least && (!wanted.copied || group.takers > 0) &&
    (wanted.source === null || group.members.some((m) => (m.source || '') === wanted.source)) &&
    (wanted.pair === null || hasTaking(group, wanted.pair)) && isInRange(group, wanted) &&
    wanted.words.every((word) => storyHaystack(group).includes(word));
}

function storyDateFields(state) {
  const days = state.groups.flatMap((group) => group.members.filter((m) => !isUndated(m))
    .map((m) => m.day));
  if (days.length === 0) {
    return null;
  }
  const range = days.reduce(([low, high], day) => [Math.min(low, day), Math.max(high, day)],
    [Infinity, -Infinity]).map((day) => dayName(day));
  const field = (key, label) => {
    const input = el('input', {type: 'date', id: `date-${key}`, 'aria-label': label,
      min: range[0], max: range[1]});
    input.addEventListener('input', () => {
      state.wanted[key] = input.value === '' ? null : Date.parse(input.value) / DAY_MS;
      applyFilter(state);
    });
    return input;
  };
  return el('span', {class: 'field range', role: 'group', 'aria-label': 'Dates',
    title: 'Stories without dates are left out while a date is given'},
  el('span', {}, 'Dates'), field('from', 'From'), '–', field('to', 'To'));
}

function sizeField(state) {
  const input = el('input', {type: 'number', id: 'least', min: 2, step: 1, value: 2,
    inputmode: 'numeric'});
  input.addEventListener('input', () => {
    state.wanted.least = Number(input.value) || 0;
    applyFilter(state);
  });
  return el('label', {class: 'field'}, el('span', {}, 'At least'), input,
    el('span', {}, 'documents'));
}

function copiedBox(state) {
  if (!state.groups.some((group) => group.takers > 0)) {
    return null;
  }
  const box = el('input', {type: 'checkbox', id: 'copied'});
  box.addEventListener('change', () => {
    state.wanted.copied = box.checked;
    applyFilter(state);
  });
  return el('label', {class: 'check'}, box, 'with copies only');
}

function storyToolbar(state) {
  return el('div', {class: 'toolbar', role: 'search'},
    searchField(state), sourceChoice(state), storyDateFields(state), sizeField(state),
    copiedBox(state), pairChip(state, 'takes from', 'stories'),
    choice('order', 'Order', Object.entries(STORY_ORDERS).map(([name, [words]]) => [name, words]),
      (value) => {
        state.order = value;
        applyFilter(state);
      }),
    state.status);
}
