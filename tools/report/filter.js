// SPDX-License-Identifier: MIT
// Search, filters and sorting over the list of groups.

const ORDERS = {
  'size': ['largest first', (a, b) => b.weight - a.weight],
  'repeated': ['most repeated text first', (a, b) => b.weight - a.weight],
  'repeats': ['most repeats first', (a, b) => b.copies.length - a.copies.length],
  'least': ['least alike first', (a, b) => leastAlike(a) - leastAlike(b)],
  'most': ['most alike first', (a, b) => leastAlike(b) - leastAlike(a)],
  'title': ['by title', (a, b) => titleOf(a.survivor).localeCompare(titleOf(b.survivor))],
  'date': ['by date', (a, b) => (a.survivor.date || '~').localeCompare(b.survivor.date || '~')],
};

const GROUP_ORDERS = ['size', 'least', 'most', 'title', 'date'];
const REPEAT_ORDERS = ['repeated', 'repeats', 'least', 'most', 'title', 'date'];

function haystack(group) {
  if (group.haystack === undefined) {
    const pieces = group.members.flatMap((m) => [m.title, m.id, m.source, m.url, m.date,
      ...[m.text || [], m.survivor_text || [], m.before, m.behind].flat(2)]);
    const texts = pieces.map((piece) => (piece && piece.folded !== undefined
      ? group.folded[piece.folded] : piece));
    group.haystack = texts.filter((piece) => typeof piece === 'string').join('\n')
      .replace(/\s+/g, ' ').toLocaleLowerCase();
  }
  return group.haystack;
}

function emptyWanted() {
  return {words: [], kinds: new Set(), source: null, pair: null, low: 0, high: 1, across: false};
}

// Whether a document of one source is kept in the group, and one of the other repeats it.
function isPair(group, {kept, dropped}) {
  return sourceName(group.survivor.source) === kept &&
    group.copies.some((m) => sourceName(m.source) === dropped);
}

function isWanted(group, wanted) {
  if (wanted.across && distinct(group.members.map((m) => m.source)).length < 2) {
    return false;
  }
  if (wanted.source !== null && !group.members.some((m) => (m.source || '') === wanted.source)) {
    return false;
  }
  if (wanted.pair !== null && !isPair(group, wanted.pair)) {
    return false;
  }
  const some = group.copies.some((m) => (wanted.kinds.size === 0 || wanted.kinds.has(m.kind)) &&
    m.similarity >= wanted.low - 1e-9 && m.similarity <= wanted.high + 1e-9);
  return some && wanted.words.every((word) => haystack(group).includes(word));
}

// Hides and orders the cards; tells how many are left.
function applyFilter(state) {
  const order = (state.orderTable || ORDERS)[state.order][1];
  const wants = state.isWanted || isWanted;
  const sorted = state.groups.map((group, i) => [group, i])
    .sort((a, b) => order(a[0], b[0]) || a[1] - b[1]).map((entry) => entry[0]);
  let shown = 0;
  for (const group of sorted) {
    group.card.hidden = !wants(group, state.wanted);
    shown += group.card.hidden ? 0 : 1;
    state.list.append(group.card);
  }
  state.sorted = sorted;
  state.status.textContent = shown === state.groups.length
    ? plural(shown, state.noun, state.nouns)
    : `${count(shown)} of ${plural(state.groups.length, state.noun, state.nouns)}`;
  state.nothing.hidden = shown > 0 || state.groups.length === 0;
}

function searchField(state) {
  const field = el('input', {type: 'search', id: 'search', placeholder: 'Search titles and texts',
    'aria-label': 'Search', autocomplete: 'off', spellcheck: 'false'});
  field.addEventListener('input', () => {
    state.wanted.words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    applyFilter(state);
  });
  return field;
}

function kindButtons(state) {
  const present = KINDS.filter((kind) => state.groups.some((g) =>
    g.copies.some((m) => m.kind === kind)));
  return el('div', {class: 'chips', role: 'group', 'aria-label': 'Kinds of repeats'},
    present.map((kind) => {
      const button = el('button', {type: 'button', class: `chip ${kind}`, 'aria-pressed': 'false',
        title: KIND_MEANINGS[kind], 'data-kind': kind,
        onclick: () => {
          const on = button.getAttribute('aria-pressed') !== 'true';
          button.setAttribute('aria-pressed', String(on));
          state.wanted.kinds[on ? 'add' : 'delete'](kind);
          applyFilter(state);
        }}, KIND_WORDS[kind]);
      return button;
    }));
}

function choice(id, words, options, change) {
  const field = el('select', {id}, options.map(([value, name]) => el('option', {value}, name)));
  field.addEventListener('change', () => change(field.value));
  return el('label', {class: 'field'}, el('span', {}, words), field);
}

function sourceChoice(state) {
  const names = distinct(state.groups.flatMap((g) => g.members.map((m) => m.source || ''))).sort();
  if (names.length < 2) {
    return null;
  }
  const options = [['', 'all'],
    ...names.map((name, i) => [String(i), middleCut(sourceName(name), 40)])];
  return choice('source', 'Source', options, (value) => {
    state.wanted.source = value === '' ? null : names[Number(value)];
    applyFilter(state);
  });
}

// What a cell of the matrix asked for, with a button that takes it back.
function pairChip(state, verb = 'repeats', nouns = 'groups') {
  const words = el('span', {});
  const chip = el('span', {class: 'chip pair', hidden: true}, words,
    el('button', {type: 'button', class: 'quiet', 'aria-label': `Show all ${nouns} again`,
      onclick: () => want(null)}, '×'));
  const want = (pair) => {
    state.wanted.pair = pair;
    chip.hidden = pair === null;
    if (pair !== null) {
      append(clear(words), [shortName(pair.dropped, 24), ` ${verb} `, shortName(pair.kept, 24)]);
    }
    applyFilter(state);
  };
  document.addEventListener('pair-wanted', (event) => {
    want(event.detail);
    byId('groups').scrollIntoView();
  });
  return chip;
}

function acrossBox(state) {
  if (!state.groups.some((g) => distinct(g.members.map((m) => m.source)).length > 1)) {
    return null;
  }
  const box = el('input', {type: 'checkbox', id: 'across'});
  box.addEventListener('change', () => {
    state.wanted.across = box.checked;
    applyFilter(state);
  });
  return el('label', {class: 'check'}, box, 'between sources only');
}

function similarityFields(state) {
  const least = Math.floor(100 * Math.min(1, ...state.groups.map(leastAlike)));
  const field = (id, value, set) => {
    const input = el('input', {type: 'number', id, min: 0, max: 100, step: 1, value,
      inputmode: 'numeric'});
    input.addEventListener('input', () => {
      const number = Number(input.value);
      set(input.value === '' || Number.isNaN(number) ? null : number / 100);
      applyFilter(state);
    });
    return input;
  };
  return el('span', {class: 'field range', role: 'group', 'aria-label': 'Similarity in percent'},
    el('span', {}, 'Alike'),
    field('alike-low', least, (value) => { state.wanted.low = value === null ? 0 : value; }),
    '–', field('alike-high', 100, (value) => { state.wanted.high = value === null ? 1 : value; }),
    '%');
}

function toolbar(state) {
  return el('div', {class: 'toolbar', role: 'search'},
    searchField(state), kindButtons(state), sourceChoice(state), similarityFields(state),
    acrossBox(state), pairChip(state),
    choice('order', 'Order', state.orders.map((name) => [name, ORDERS[name][0]]),
      (value) => {
        state.order = value;
        applyFilter(state);
      }),
    state.status);
}

function listTitle(data, state) {
  const all = data.runs.reduce((sum, run) => sum + run.group_count, 0);
  const shown = state.groups.length;
  return [el('h2', {}, 'The groups'), el('p', {class: 'lead'}, shown < all
    ? `The ${count(shown)} largest of ${plural(all, 'group')}. `
    : `${all === 1 ? 'The only group' : `All ${plural(all, 'group')}`}. `,
  'A group holds the text that is kept and the documents that repeat it. Long passages that are ' +
  'the same are folded away: a click shows them.')];
}

function showList(data, state) {
  state.groups.forEach((group, i) => {
    group.name = (data.page ? data.page.first : 0) + i + 1;
    makeCard(group);
  });
  append(byId('groups'), [
    data.page ? pageTitle(data)
      : data.documents ? repeatsTitle(data, state) : listTitle(data, state),
    toolbar(state), state.list, state.nothing, data.page && pageTurner(data.page),
    data.runs && decisionBar(data)]);
  applyFilter(state);
}

function showGroups(data) {
  const state = {groups: data.documents ? groupsOfRepeats(data) : groupsOf(data),
    noun: data.documents ? 'document' : 'group', wanted: emptyWanted(),
    orders: data.documents ? REPEAT_ORDERS : GROUP_ORDERS,
    order: data.documents ? 'repeated' : 'size',
    list: el('ol', {class: 'cards', id: 'cards'}), sorted: [],
    status: el('span', {class: 'status', id: 'status', role: 'status'}),
    nothing: el('p', {class: 'notice', hidden: true}, 'No group fits the search.')};
  if (data.page && data.page.number === 0) {
    append(byId('groups'), pageList(data));
  } else if (state.groups.length === 0) {
    append(byId('groups'), [el('p', {class: 'lead'},
      data.documents ? 'No document repeats itself.'
        : 'No document repeats another: there are no groups.')]);
  } else {
    showList(data, state);
    openFirst(state);
  }
  if (data.runs && state.groups.length > 0) {
    recallChanges(data);
  }
  return state;
}
