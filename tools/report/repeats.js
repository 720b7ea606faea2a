// SPDX-License-Identifier: MIT
// The report on repeats inside documents: each document with its repeats marked in place.

const ROLES = {headline: 'headline', caption: 'caption', list_item: 'list item', quote: 'quote',
  code: 'code', table: 'table row', paragraph: 'paragraph'};

// Documents in the form of groups, so that search, filters and keys work on them: the repeats are
// what the copies are in a group.
function groupsOfRepeats(data) {
  return data.documents.map((doc, index) => ({
    run: 0,
    index,
    size: doc.repeat_count,
    shownSize: Math.round(doc.share * doc.characters),
    sizeWords: `about ${plural(Math.round(doc.share * doc.characters), 'character')} repeated`,
    facts: `${plural(doc.repeat_count, 'repeat')}, ${percent(doc.share)} of the text`,
    weight: -index, // the order of the data: by how much is repeated
    survivor: {...doc, text: doc.text.map((piece) => (piece.text === undefined ? piece
      : [piece.text]))},
    copies: doc.repeats,
    members: [{...doc, text: doc.text.map((piece) => piece.text || piece)}],
    threshold: data.options.threshold,
    pieces: doc.text,
    folded: data.folded[index] || [],
    share: doc.share,
    card: null,
    selected: 0,
    body: repeatsBody,
    select: selectRepeat,
  }));
}

function repeatWords(repeat) {
  const role = ROLES[repeat.role] || repeat.role;
  if (repeat.kind === 'site') {
    return `${role} on ${count(repeat.pages)} of ${plural(repeat.host_pages, 'page')} of the site`;
  }
  const where = repeat.in_title ? ' of the title' : '';
  const block = repeat.block_units ? `, in a block of ${repeat.block_units}` : '';
  return `${role}${where}${block}`;
}

// The text with marks; each mark knows which repeat it belongs to.
function markedBody(group) {
  const mark = (piece) => {
    const isFirst = piece.first !== undefined;
    return el('mark', {class: isFirst ? 'copy' : 'kept', tabindex: '-1',
      'data-repeat': isFirst ? piece.first : piece.repeat, 'data-first': String(isFirst)},
    piece.text);
  };
  return appendPieces(el('div', {class: 'text', dir: 'auto', lang: ''}), group.pieces,
    group.folded, 'more', mark);
}

function repeatRow(group, repeat, index) {
  return el('li', {class: 'member'},
    el('button', {type: 'button', class: 'member-button', 'data-index': index,
      'aria-pressed': 'false', title: KIND_MEANINGS[repeat.kind],
      onclick: () => selectRepeat(group, index)},
    el('span', {class: `mark-dot ${repeat.kind}`}),
    el('span', {class: 'member-name'}, el('span', {}, repeatWords(repeat)),
      el('span', {class: 'soft'}, KIND_WORDS[repeat.kind],
        repeat.refrain && ` · ${repeat.refrain}`)),
    el('span', {class: 'member-alike'}, percent(repeat.similarity))));
}

function repeatsBody(group) {
  const doc = group.survivor;
  const hidden = group.size - group.copies.length;
  return [el('p', {class: 'why'},
    `${percent(group.share)} of the text is repeated. `,
    el('mark', {class: 'copy'}, 'first occurrence'), ' ', el('mark', {class: 'kept'}, 'repeat')),
  el('div', {class: 'card-columns'},
    el('div', {class: 'members'},
      el('ol', {}, group.copies.map((repeat, i) => repeatRow(group, repeat, i))),
      hidden > 0 && el('p', {class: 'note'}, `${plural(hidden, 'more repeat')}.`)),
    el('div', {class: 'comparison'}, el('div', {class: 'sides one'},
      el('article', {class: 'side'}, documentHead(doc, ''), markedBody(group)))))];
}

// Shows where repeat `index` stands: both its places are outlined.
function selectRepeat(group, index, isFirstTime) {
  if (index < 0 || index >= group.copies.length) {
    return;
  }
  group.selected = index;
  for (const button of group.card.querySelectorAll('.member-button')) {
    button.setAttribute('aria-pressed', String(Number(button.dataset.index) === index));
  }
  for (const mark of group.card.querySelectorAll('mark[data-repeat]')) {
    const isChosen = Number(mark.dataset.repeat) === index;
    mark.classList.toggle('chosen', isChosen);
    if (isChosen && !isFirstTime && mark.dataset.first === 'false') {
      mark.scrollIntoView({block: 'nearest'});
    }
  }
}

function repeatsBar(sum) {
  const parts = ['exact', 'normalized', 'near', 'contained', 'site']
    .filter((kind) => sum[kind] > 0);
  return [
    el('div', {class: 'share-bar', 'aria-hidden': 'true'}, parts.map((kind) =>
      sized(el('span', {class: `fill ${kind}`}), 'flex-grow', String(sum[kind])))),
    el('ul', {class: 'legend'}, parts.map((kind) => el('li', {},
      el('span', {class: `swatch fill ${kind}`}), el('b', {}, count(sum[kind])),
      ` ${KIND_MEANINGS[kind]}`))),
  ];
}

function rolesFigure(sum) {
  const rows = [['headline', sum.doubled_headlines], ['caption', sum.doubled_captions],
    ['block', sum.doubled_blocks], ['anything', sum.flagged]];
  return el('figure', {class: 'panel wide'}, el('figcaption', {},
    el('h3', {}, 'Documents that repeat')),
  barList(rows.map(([name, n]) => ({name, value: n,
    text: `${count(n)} · ${percent(sum.documents > 0 ? n / sum.documents : 0)}`})), 'roomy'));
}

function showRepeatsOverview(data) {
  const sum = data.summary;
  if (data.page && data.page.number > 0) {
    byId('overview').remove();
    return; /* the index has it */
  }
  append(byId('overview'), [
    el('h1', {class: 'headline'}, el('b', {}, count(sum.flagged)),
      ` of ${plural(sum.documents, 'document')} ` +
      (sum.flagged === 1 ? 'repeats part of itself' : 'repeat part of themselves')),
    el('p', {class: 'inputs'}, data.inputs.slice(0, 6).map((input, i) =>
      [i > 0 ? ', ' : '', quoted(input)])),
    el('p', {class: 'rule'}, `${plural(sum.repeats, 'repeat')} among ` +
      `${plural(sum.units, 'passage')}: paragraphs, headlines, captions, list items. Refrains, ` +
      `table rows and the like are ${data.options.refrains ? 'shown, too' : 'left out'}.`),
    repeatsBar(sum),
    problems({...sum, repaired: 0, empty: 0, duplicate_ids: 0}),
    el('div', {class: 'panels'}, rolesFigure(sum)),
  ]);
}

function repeatsTitle(data, state) {
  return [el('h2', {}, 'The documents'), el('p', {class: 'lead'},
    state.groups.length < data.summary.flagged
      ? `The ${count(state.groups.length)} that repeat most of ` +
        `${plural(data.summary.flagged, 'document')}.`
      : 'Every document with a repeat, those that repeat most first.')];
}
