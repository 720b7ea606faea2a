// SPDX-License-Identifier: MIT
// The report on passages that documents share: each with its places, side by side with the first.

const DAY = 86400;

// Passages in the form of groups, so that search and keys work on them: places are what the copies
// are in a group.
function groupsOfFamilies(data) {
  const hasSources = distinct(data.families.flatMap((family) =>
    family.places.map((place) => place.source || ''))).length > 1;
  return data.families.map((family, index) => {
    const first = family.places[0];
    const group = {
      run: 0,
      index,
      family,
      size: family.documents,
      weight: family.documents,
      tokens: first.tokens,
      survivor: {title: passageTitle(first)},
      members: family.places,
      copies: family.places,
      wordings: [],
      against: data.summary.against_documents > 0 ? data.summary.documents : Infinity,
      folded: data.folded[index] || [],
      hasSources,
      head: familyHead,
      body: familyBody,
      select: selectPlace,
      card: null,
    };
    for (const place of family.places) {
      if (place.wording !== undefined && !group.wordings[place.wording]) {
        group.wordings[place.wording] = place;
      }
    }
    group.unit = unitOf(group);
    group.isOneSource = distinct(family.places.map((m) => m.source || '')).length < 2;
    group.selected = worthComparing(family.places);
    return group;
  });
}

// The place that shows most: another document's, in another wording that is here.
function worthComparing(places) {
  const others = places.map((place, i) => [place, i])
    .filter(([place]) => place.number !== places[0].number);
  const [, index] = others.find(([place]) => place.wording > 0 && sharesWords(place)) ||
    others.find(([place]) => place.wording === 0) || others[0] || [null, 0];
  return index;
}

// Whether something of the first wording stands in this one: passages whose places overlap by
// halves may go on from one to another until nothing is left of the first.
function sharesWords(place) {
  return (place.text || []).some((piece) => typeof piece === 'number' ||
    piece.left_out !== undefined || (typeof piece === 'string' && /[\p{L}\p{N}]/u.test(piece)));
}

// The first words of a passage.
function passageTitle(place) {
  const words = place.text.filter((piece) => typeof piece === 'string').join(' ')
    .slice(0, 400).replace(/\s+/g, ' ').trim();
  const isInside = /\S[ \t]*$/.test(place.before || '');
  const shown = words.length > 150 ? `${words.slice(0, 140).replace(/\s+\S*$/, '')} …` : words;
  return `${isInside ? '… ' : ''}${shown || '(no letters)'}`;
}

// What a token is: a word, or in scripts without spaces between words a character.
function unitOf(group) {
  const place = group.members[0];
  const text = place.text.filter((piece) => typeof piece === 'string').join('');
  const letters = (text.match(/[\p{L}\p{N}]/gu) || []).length;
  const bytes = new TextEncoder().encode(text).length;
  const perToken = letters / Math.max(1, bytes) * place.bytes / Math.max(1, place.tokens);
  return perToken < 1.7 ? 'character' : 'word';
}

function lengthWords(group, tokens) {
  return plural(tokens === undefined ? group.tokens : tokens, group.unit);
}

// "first", where one document had the passage before all others that are dated; "tie", where
// several have the earliest date; "none" without dates.
function firstOf(group) {
  const {dated, earliest} = group.family;
  return dated === 0 ? 'none' : earliest > 1 ? 'tie' : 'first';
}

function dayOf(place) {
  const day = place.time === undefined ? null : new Date(1000 * place.time);
  return day === null || Number.isNaN(day.getTime()) ? '' : day.toISOString().slice(0, 10);
}

// Dates of other forms than ours as we would write them; what cannot be read says so.
function dateWords(place) {
  if (!place.date) {
    return 'no date';
  }
  if (place.time === undefined) {
    return `${place.date} (cannot be read)`;
  }
  const isOurs = /^\d{4}-\d\d-\d\d/.test(place.date);
  return isOurs || dayOf(place) === '' ? shortDate(place.date)
    : shortDate(new Date(1000 * place.time).toISOString());
}

// What tells the places apart: their sources, or else their titles or ids.
function placeTitle(group, place) {
  return (group.isOneSource ? place.title : place.source) || place.title || place.id || '(no id)';
}

// The document, where it is told of in a sentence.
function ownerName(group, place, most) {
  return shortName(placeTitle(group, place).replace(/\s+/g, ' '), most);
}

function firstLine(group) {
  const first = group.members[0];
  return {
    first: () => ['first: ', ownerName(group, first, 44), ' ', quoted(dateWords(first))],
    tie: () => [`${count(group.family.earliest)} have the earliest date, `,
      quoted(dateWords(first))],
    none: () => 'no dates',
  }[firstOf(group)]();
}

function hasOneWording(group) {
  return group.members.every((place) => place.wording === 0);
}

function wordingsChip(group) {
  return hasOneWording(group)
    ? el('span', {class: 'chip identical', title: 'byte for byte'}, 'one wording')
    : el('span', {class: 'chip near'}, `${count(Math.max(2, group.wordings.length))} wordings`);
}

function familyHead(group) {
  const words = `in ${plural(group.size, 'document')}`;
  const names = distinct(group.members.map((place) => sourceName(place.source)));
  const more = group.family.source_count - Math.min(4, names.length);
  return el('button', {type: 'button', class: 'card-head', id: `g${group.name}`,
    'aria-expanded': 'false', onclick: () => toggleGroup(group)},
  el('span', {class: 'size', 'aria-label': words, title: words}, compactCount(group.size)),
  el('span', {class: 'card-title'}, quoted(group.survivor.title),
    el('span', {class: 'card-meta'}, firstLine(group), group.hasSources && [' · ',
      names.slice(0, 4).map((name, i) => [i > 0 ? ', ' : '', shortName(name)]),
      more > 0 && ` and ${more} more`],
    ' · ', el('span', {class: 'name'}, `#g${group.name}`))),
  el('span', {class: 'card-facts family-facts'}, el('span', {class: 'chips'}, wordingsChip(group)),
    el('span', {class: 'alike'}, lengthWords(group))));
}

// Who had it first, as far as dates tell.
function firstWords(group) {
  const first = group.members[0];
  const undated = group.size - group.family.dated;
  const rest = undated > 0 ? ` ${plural(undated, 'document')} without a date ` +
    'that can be read may be earlier.' : '';
  return {
    first: () => ['First by date: ', el('b', {}, ownerName(group, first, 80)),
      !group.isOneSource && first.title && [', “', quoted(middleCut(first.title, 100)), '”'], ', ',
      quoted(dateWords(first)), '.', rest],
    tie: () => [`${plural(group.family.earliest, 'document')} have the earliest date, `,
      quoted(dateWords(first)), ': none is known to be first.', rest],
    none: () => 'No document has a date that can be read: none is known to be first. They stand ' +
      'in the order of the corpus.',
  }[firstOf(group)]();
}

function wordingWords(group) {
  const shown = group.members.length;
  const all = shown === group.family.place_count ? `All ${plural(shown, 'place')}`
    : `The ${plural(shown, 'place')} that are here, of ${count(group.family.place_count)},`;
  return hasOneWording(group) ? `${all} agree byte for byte.`
    : `${all} have ${count(Math.max(2, group.wordings.length))} wordings` +
      `${group.members.some((place) => place.wording === undefined) ? ' or more' : ''}. ` +
      'Any two need not share all of the passage.';
}

// A, B, ... Z, then by number.
function wordingLetter(wording) {
  return wording === undefined ? '…' : wording < 26 ? String.fromCharCode(65 + wording)
    : String(wording + 1);
}

function placeNote(group, place, index) {
  const parts = [];
  if (index === 0 && firstOf(group) === 'first') {
    parts.push('first');
  }
  if (place.number >= group.against) {
    parts.push('of the other corpus');
  }
  parts.push(percent(place.tokens / place.document_tokens));
  return [firstOf(group) === 'none' && !place.date ? null : [quoted(dateWords(place)), ' · '],
    parts.join(' · ')];
}

// The name of a place, and where that is its source, its title or id.
function placeName(group, place) {
  return [shortName(placeTitle(group, place), 60),
    !group.isOneSource && place.source && quoted(place.title || place.id || '', 'soft')];
}

function placeRow(group, place, index) {
  const isSame = place.wording === 0;
  const title = isSame ? 'the wording of the first' : 'another wording';
  const share = `${lengthWords(group, place.tokens)} of ${count(place.document_tokens)}`;
  return el('li', {class: 'member'},
    el('button', {type: 'button', class: 'member-button', 'data-index': index,
      'aria-pressed': 'false', onclick: () => selectPlace(group, index)},
    el('span', {class: `mark-dot ${isSame ? 'identical' : 'near'}`, title}),
    el('span', {class: 'member-name'}, placeName(group, place),
      el('span', {class: 'soft', title: share}, placeNote(group, place, index))),
    !hasOneWording(group) && el('span', {class: 'member-alike', title: `wording ${
      wordingLetter(place.wording)}`}, wordingLetter(place.wording))));
}

function placeList(group) {
  const hidden = group.family.place_count - group.members.length;
  return el('div', {class: 'members'},
    el('ol', {}, group.members.map((place, i) => placeRow(group, place, i))),
    hidden > 0 && el('p', {class: 'note'}, `${plural(hidden, 'more place')}: `,
      el('code', {}, '-o families:FILE'), ' has all of them.'));
}

// "3 days later", of a place beside the first.
function laterWords(group, place) {
  const [first] = group.members;
  if (place.time === undefined) {
    return firstOf(group) === 'none' ? `Place ${count(group.selected + 1)} in the list` : 'No date';
  }
  const seconds = place.time - first.time;
  const steps = [[365.25 * DAY, 'year'], [DAY, 'day'], [3600, 'hour'], [60, 'minute']];
  const step = steps.find(([length]) => seconds >= (length > DAY ? 2 * length : length));
  return step ? `${plural(Math.round(seconds / step[0]), step[1])} later` : 'The same date';
}

function placeHead(group, place, role) {
  return el('header', {class: 'document-head'},
    el('p', {class: 'role'}, role),
    el('h4', {}, quoted(place.title || place.id || '(no id)')),
    el('p', {class: 'document-meta'}, quoted(sourceName(place.source)), ' · ',
      el('time', {title: place.date}, quoted(dateWords(place)))),
    place.url && el('p', {class: 'document-meta'}, link(place)),
    place.title && el('p', {class: 'document-meta'}, quoted(place.id || '(no id)', 'id')),
    el('p', {class: 'document-meta'},
      `${lengthWords(group, place.tokens)} of ${count(place.document_tokens)}, from byte ` +
      count(place.offset)));
}

function around(place, key) {
  if (place[key] === undefined) {
    return null;
  }
  const text = place[key].replace(/\s+/g, ' ').trim();
  const end = (words) => el('i', {class: 'end'}, words);
  return key === 'before'
    ? [place.before_is_cut ? '… ' : text === '' && end('beginning of the text'), text]
    : [text, place.behind_is_cut ? ' …' : text === '' && end('end of the text')];
}

// What stands around two places, in a row.
function aroundRow(first, place, key) {
  const cell = (one, side) => el('div', {class: `text around ${side}`, dir: 'auto', lang: ''},
    around(one, key));
  return (first[key] !== undefined || place[key] !== undefined) &&
    el('div', {class: 'row around-row'}, cell(first, 'kept'),
    cell(place, 'copy'));
}

function onceText(group) {
  return el('div', {class: 'once'}, textBody(group.members[0].text, 'kept', group.folded));
}

// A place by itself, between what stands around it.
function alonePlace(group, place) {
  const part = (key) => place[key] !== undefined &&
    el('div', {class: 'text around', dir: 'auto', lang: ''}, around(place, key));
  return el('div', {class: 'sides one'}, el('article', {class: 'side'},
    placeHead(group, place, firstRole(group)), part('before'), onceText(group), part('behind')));
}

function firstRole(group) {
  return {first: 'First by date', tie: 'Among those of the earliest date',
    none: 'First in the list'}[firstOf(group)];
}

// The middle of a comparison: the text once where both have the same, else in rows.
function comparedText(group, place) {
  const wording = place.wording === undefined ? undefined : group.wordings[place.wording];
  group.differences = [];
  if (place.wording === 0) {
    return [el('p', {class: 'same-words'}, 'The same in both, byte for byte:'), onceText(group)];
  }
  if (!wording || !wording.text) {
    return [el('p', {class: 'same-words'}, 'Another wording, which is not shown, to keep the ',
      'page small. This is the first one:'), onceText(group)];
  }
  const aligned = alignedTexts(wording.first_text, wording.text, group.folded);
  group.differences = aligned.differences;
  return [!sharesWords(wording) && el('p', {class: 'same-words'}, 'These two share no run of ',
    'words: other places of the passage link them.'), [...aligned.node.childNodes]];
}

function placeComparison(group) {
  const [first] = group.members;
  const place = group.members[group.selected];
  if (!place || group.selected === 0) {
    group.differences = [];
    return el('div', {class: 'comparison'}, alonePlace(group, first));
  }
  const middle = comparedText(group, place);
  const heads = [placeHead(group, first, firstRole(group)),
    placeHead(group, place, laterWords(group, place))];
  return el('div', {class: 'comparison compared'},
    el('div', {class: 'sides heads'}, heads.map((head) => el('div', {class: 'side'}, head))),
    place.wording === 0 ? null : differenceBar(group),
    el('div', {class: `aligned ${place.wording === 0 ? 'agreed' : ''}`},
      aroundRow(first, place, 'before'), middle, aroundRow(first, place, 'behind')));
}

// Every place in a line or two, between the words around it.
function inContext(group) {
  const rows = group.members.filter((place) => place.before !== undefined);
  if (rows.length < 3) {
    return null;
  }
  const mark = (place) => el('mark', {class: place.wording === 0 ? 'copy' : ''},
    hasOneWording(group) ? 'the passage' : `wording ${wordingLetter(place.wording)}`);
  return el('details', {class: 'in-context'},
    el('summary', {}, `${count(rows.length)} places in context`),
    el('ol', {}, rows.map((place) => el('li', {},
      el('span', {class: 'member-name'}, placeName(group, place),
        firstOf(group) !== 'none' && quoted(dateWords(place), 'soft')),
      el('p', {class: 'text', dir: 'auto', lang: ''}, around(place, 'before'), ' ', mark(place),
        ' ', around(place, 'behind'))))));
}

function familyBody(group) {
  return [el('p', {class: 'why'}, firstWords(group), ' ', wordingWords(group)),
    el('div', {class: 'card-columns'}, placeList(group), placeComparison(group)),
    inContext(group)];
}

function selectPlace(group, index) {
  if (index < 0 || index >= group.members.length) {
    return;
  }
  group.selected = index;
  for (const button of group.card.querySelectorAll('.member-button')) {
    const isChosen = Number(button.dataset.index) === index;
    button.setAttribute('aria-pressed', String(isChosen));
  }
  group.card.querySelector('.comparison').replaceWith(placeComparison(group));
}
