// SPDX-License-Identifier: MIT
// The list of groups: a line each, which opens to the texts.

function groupsOf(data) {
  return data.runs.flatMap((run, number) => run.groups.map((group, index) => ({
    run: number,
    index,
    size: group.size,
    shownSize: group.size,
    sizeWords: plural(group.size, 'document'),
    weight: group.size,
    survivor: group.members[0],
    copies: group.members.slice(1),
    members: group.members,
    threshold: run.options.threshold,
    inputs: run.inputs,
    corpus: run.corpus,
    keepWords: run.keep_words,
    options: run.options,
    folded: run.folded,
    card: null,
    selected: worthSeeing(group.members.slice(1)),
    body: comparisonBody,
    select: selectMember,
  })));
}

// The copy that shows most: the first one whose text differs from the kept one and is here.
function worthSeeing(copies) {
  return Math.max(0, copies.findIndex((member) => member.text && member.survivor_text));
}

function distinct(values) {
  return [...new Set(values)];
}

function sourcesLine(group) {
  const names = distinct(group.members.map((m) => sourceName(m.source)));
  return [names.slice(0, 4).map((name, i) => [i > 0 ? ', ' : '', shortName(name)]),
    names.length > 4 && ` and ${names.length - 4} more`];
}

function datesLine(group) {
  const dates = distinct(group.members.map((m) => shortDate(m.date)).filter(Boolean));
  const first = dates[0] || '';
  if (dates.length < 2 || !dates.every((date) => /^\d{4}-\d\d/.test(date))) {
    return first; /* dates in other forms cannot be put in order */
  }
  const days = dates.sort().map((date) => date.slice(0, 10));
  return days[0] === days[days.length - 1] ? days[0] : `${days[0]} to ${days[days.length - 1]}`;
}

function kindChips(group) {
  return KINDS.filter((kind) => group.copies.some((m) => m.kind === kind)).map((kind) => {
    const n = group.copies.filter((m) => m.kind === kind).length;
    return el('span', {class: `chip ${kind}`, title: KIND_MEANINGS[kind]},
      n > 1 ? `${count(n)} ${KIND_WORDS[kind]}` : KIND_WORDS[kind]);
  });
}

function leastAlike(group) {
  return Math.min(1, ...group.copies.map((m) => m.similarity));
}

function cardHead(group) {
  const dates = datesLine(group);
  return el('button', {type: 'button', class: 'card-head', id: `g${group.name}`,
    'aria-expanded': 'false',
    onclick: () => toggleGroup(group)},
  el('span', {class: 'size', 'aria-label': group.sizeWords, title: group.sizeWords},
    compactCount(group.shownSize)),
  el('span', {class: 'card-title'}, quoted(titleOf(group.survivor)),
    el('span', {class: 'card-meta'}, group.facts && [group.facts, ' · '], sourcesLine(group),
      dates && [' · ', quoted(dates)], ' · ', el('span', {class: 'name'}, `#g${group.name}`))),
  el('span', {class: 'card-facts'},
    el('span', {class: 'chips'}, kindChips(group)),
    memberStrip(group.copies, group.threshold),
    el('span', {class: 'alike'}, percent(leastAlike(group)))));
}

function keepBox(group, member) {
  const box = el('input', {type: 'checkbox'});
  const row = el('label', {class: 'keep'}, box, 'keep');
  const show = () => {
    box.checked = decisionOf(group, member) === 'keep';
    row.classList.toggle('changed', decisionOf(group, member) !== member.decision);
  };
  box.addEventListener('change', () => decide(group, member, box.checked ? 'keep' : 'drop'));
  changeListeners.push(show);
  show();
  return row;
}

// What tells the members of a group apart: their sources, or else their dates or ids.
function memberName(group, member) {
  const sources = distinct(group.members.map((m) => m.source));
  const first = sources.length > 1 ? sourceName(member.source) : shortDate(member.date);
  const second = sources.length > 1 && member.date ? shortDate(member.date) : member.id;
  return [shortName(first || member.id || '(no id)'), quoted(first ? second || '' : '', 'soft')];
}

// How alike it is; of what is contained, how much of it is.
function memberShare(member) {
  return el('span', {class: 'member-alike'},
    percent(member.kind === 'contained' ? member.containment : member.similarity));
}

function memberRow(group, member, index) {
  return el('li', {class: 'member'},
    el('button', {type: 'button', class: 'member-button', 'data-index': index,
      'aria-pressed': 'false', onclick: () => selectMember(group, index)},
    el('span', {class: `mark-dot ${member.kind}`}),
    el('span', {class: 'member-name'}, memberName(group, member)),
    memberShare(member)),
    keepBox(group, member));
}

function memberList(group) {
  const hidden = group.size - group.members.length;
  return el('div', {class: 'members'},
    el('div', {class: 'member survivor'},
      el('span', {class: 'mark-dot none'}),
      el('span', {class: 'member-name'}, memberName(group, group.survivor)),
      keepBox(group, group.survivor)),
    el('ol', {}, group.copies.map((member, i) => memberRow(group, member, i))),
    hidden > 0 && el('p', {class: 'note'},
      `${plural(hidden, 'more document')} of this group: see the clusters output.`));
}

function explainLine(group, member) {
  if (group.survivor.id_is_cut || member.id_is_cut || !member.id) {
    return null;
  }
  const parts = ['neardup', 'explain', shellWord(group.survivor.id), shellWord(member.id)];
  const inputs = group.inputs.length > 0 ? group.inputs : ['CORPUS'];
  parts.push('--in', ...inputs.map(shellWord));
  if (group.options.preset !== 'custom') {
    parts.push('--preset', shellWord(group.options.preset));
  }
  parts.push('--threshold', String(group.options.threshold));
  const line = parts.join(' ');
  const button = el('button', {type: 'button', onclick: () => copyText(line, button)}, 'Copy');
  return el('p', {class: 'command'}, el('code', {}, line), button);
}

function comparison(group) {
  const member = group.copies[group.selected];
  return el('div', {class: 'comparison'},
    member && figuresOf(member),
    member && member.text && member.survivor_text && el('p', {class: 'key'},
      el('mark', {class: 'kept'}, 'only in the kept text'), ' ',
      el('mark', {class: 'copy'}, 'only in the copy')),
    sideBySide(group, member),
    member && explainLine(group, member));
}

function whyKept(group) {
  return el('p', {class: 'why'}, 'Why this one is kept: of each group stays ',
    group.keepWords, '.');
}

function comparisonBody(group) {
  return [whyKept(group),
    el('div', {class: 'card-columns'}, memberList(group), comparison(group))];
}

function selectMember(group, index) {
  if (index < 0 || index >= group.copies.length) {
    return;
  }
  group.selected = index;
  for (const button of group.card.querySelectorAll('.member-button')) {
    button.setAttribute('aria-pressed', String(Number(button.dataset.index) === index));
  }
  group.card.querySelector('.comparison').replaceWith(comparison(group));
}

function toggleGroup(group, open) {
  const head = group.card.querySelector('.card-head');
  const isOpen = head.getAttribute('aria-expanded') === 'true';
  const wanted = open === undefined ? !isOpen : open;
  if (wanted === isOpen) {
    return;
  }
  head.setAttribute('aria-expanded', String(wanted));
  const old = group.card.querySelector('.card-body');
  if (old) {
    old.hidden = !wanted;
  } else {
    group.card.append(el('div', {class: 'card-body'}, group.body(group)));
    group.select(group, group.selected, true);
  }
}

function makeCard(group) {
  group.card = el('li', {class: 'card'}, (group.head || cardHead)(group));
  return group.card;
}

// Opens the group that the address names: report.html#g12 is the twelfth, whatever the order.
function openNamed(state) {
  const group = state.groups.find((one) => `#g${one.name}` === location.hash);
  if (group) {
    toggleGroup(group, true);
    group.card.scrollIntoView();
    group.card.querySelector('.card-head').focus({preventScroll: true});
  }
  return group !== undefined;
}

const FEW = 3; // so many groups are opened together

// What is worth seeing first is open: the named group, or all of a few, or the first of many.
function openFirst(state) {
  if (!openNamed(state)) {
    const groups = state.sorted.length <= FEW ? state.sorted : state.sorted.slice(0, 1);
    groups.forEach((group) => toggleGroup(group, true));
  }
  addEventListener('hashchange', () => openNamed(state));
}
