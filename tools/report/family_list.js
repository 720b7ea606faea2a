// SPDX-License-Identifier: MIT
// The list of passages: its filters, orders and words.

const FAMILY_ORDERS = {
  'documents': ['most documents first', (a, b) => b.size - a.size || b.tokens - a.tokens],
  'longest': ['longest first', (a, b) => b.tokens - a.tokens || b.size - a.size],
  'oldest': ['oldest first', (a, b) => earliestTime(a) - earliestTime(b)],
};

function earliestTime(group) {
  const {time} = group.members[0];
  return time === undefined ? Number.MAX_VALUE : time;
}

function fitsFamily(group, wanted) {
  const some = (test) => group.members.some(test);
  return group.tokens >= wanted.tokens && group.size >= wanted.documents &&
    (!wanted.across || group.family.source_count > 1) &&
    (!wanted.differing || !hasOneWording(group)) &&
    (wanted.source === null || some((place) => (place.source || '') === wanted.source)) &&
    (wanted.from === '' && wanted.to === '' || some((place) => isBetween(dayOf(place), wanted))) &&
    (wanted.pair === null || isFlow(group, wanted.pair)) &&
    wanted.words.every((word) => haystack(group).includes(word));
}

// Whether one source had the passage first, and it stands later in the other.
function isFlow(group, {kept, dropped}) {
  const [first] = group.members;
  return firstOf(group) === 'first' && sourceName(first.source) === kept &&
    group.members.some((place) => place.time !== undefined && place.number !== first.number &&
      sourceName(place.source) === dropped);
}

function isBetween(day, wanted) {
  return day !== '' && (wanted.from === '' || day >= wanted.from) &&
    (wanted.to === '' || day <= wanted.to);
}

function leastField(state, id, words, key) {
  const input = el('input', {type: 'number', id, min: 0, step: 1, inputmode: 'numeric',
    value: Math.min(...state.groups.map((group) => (key === 'tokens' ? group.tokens
      : group.size)))});
  input.addEventListener('input', () => {
    state.wanted[key] = Number(input.value) || 0;
    applyFilter(state);
  });
  return el('label', {class: 'field'}, el('span', {}, words), input);
}

function dateFields(state) {
  const days = state.groups.flatMap((group) => group.members.map(dayOf)).filter(Boolean).sort();
  if (days.length === 0 || days[0] === days[days.length - 1]) {
    return null;
  }
  const field = (id, label, key) => {
    const input = el('input', {type: 'date', id, 'aria-label': label, min: days[0],
      max: days[days.length - 1]});
    input.addEventListener('input', () => {
      state.wanted[key] = input.value;
      applyFilter(state);
    });
    return input;
  };
  return el('span', {class: 'field range', role: 'group', 'aria-label': 'Dates'},
    el('span', {}, 'Dated'), field('date-from', 'from', 'from'), '–', field('date-to', 'to', 'to'));
}

function differingBox(state) {
  if (state.groups.every(hasOneWording)) {
    return null;
  }
  const box = el('input', {type: 'checkbox', id: 'differing'});
  box.addEventListener('change', () => {
    state.wanted.differing = box.checked;
    applyFilter(state);
  });
  return el('label', {class: 'check'}, box, 'of several wordings');
}

function familyToolbar(state) {
  return el('div', {class: 'toolbar', role: 'search'}, searchField(state), sourceChoice(state),
    dateFields(state), leastField(state, 'least-tokens', 'Length from', 'tokens'),
    leastField(state, 'least-documents', 'Documents from', 'documents'), acrossBox(state),
    differingBox(state), pairChip(state, 'has after', 'passages'),
    choice('order', 'Order', ['documents', 'longest', 'oldest'].map((name) =>
      [name, FAMILY_ORDERS[name][0]]), (value) => {
      state.order = value;
      applyFilter(state);
    }), state.status);
}

function familyKeys() {
  return KEYS.filter(([key]) => key !== 'x').map(([key, meaning]) => [key,
    meaning.replace('group', 'passage').replace('copy', 'place')]);
}

function familiesTitle(data, state) {
  const all = data.summary.families;
  const shown = state.groups.length;
  return [el('h2', {}, 'The passages'), el('p', {class: 'lead'}, shown < all
    ? [`${count(shown)} of ${plural(all, 'passage')}: those in most documents, and the longest. `,
      el('code', {}, '--report-dir DIR'), ' writes pages of all; ',
      el('code', {}, '-o families:FILE'), ' their whole texts. ']
    : `${all === 1 ? 'The only passage' : `All ${plural(all, 'passage')}`}. `,
  'The number on the left says in how many documents it stands.')];
}

function listFamilies(data, state) {
  state.groups.sort(FAMILY_ORDERS.documents[1]);
  state.groups.forEach((group, i) => {
    group.name = (data.page ? data.page.first : 0) + i + 1;
    makeCard(group);
  });
  append(byId('groups'), [data.page ? pageTitle(data) : familiesTitle(data, state),
    familyToolbar(state), state.list, state.nothing, data.page && pageTurner(data.page)]);
  applyFilter(state);
  openFirst(state);
}

function showFamilies(data) {
  const state = {groups: groupsOfFamilies(data), noun: 'passage', order: 'documents',
    wanted: {...emptyWanted(), tokens: 0, documents: 0, from: '', to: '', differing: false},
    isWanted: fitsFamily, orderTable: FAMILY_ORDERS, keys: familyKeys(),
    list: el('ol', {class: 'cards', id: 'cards'}), sorted: [],
    status: el('span', {class: 'status', id: 'status', role: 'status'}),
    nothing: el('p', {class: 'notice', hidden: true}, 'No passage ' +
      (data.families.length < data.summary.families ? 'that is on this page ' : '') +
      'fits the search.')};
  if (data.page && data.page.number === 0) {
    append(byId('groups'), pageList(data));
  } else if (state.groups.length === 0) {
    append(byId('groups'), [el('p', {class: 'lead'}, 'No two documents share a passage.')]);
  } else {
    listFamilies(data, state);
  }
  return state;
}
