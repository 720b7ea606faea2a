// SPDX-License-Identifier: MIT
// Texts side by side, with what differs marked.

// Newswire and mail break their lines at a fixed width: such a line goes on in the next one. Lines
// of tables, with their wide gaps, stay.
function unwrapped(text) {
  return text.replace(/([^\n]{28,})\n(?=\S)/g, (whole, row) =>
    (/\S {3,}\S/.test(row) ? whole : `${row} `));
}

// The pieces of an excerpt: shared text, [text of this side only], a number of characters left out,
// {cut: characters}.
function textBody(pieces, side) {
  const body = el('div', {class: `text ${side}`, dir: 'auto', lang: ''});
  let folded = true; // a passage before was left out
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      body.append(unwrapped(folded ? piece.trimStart() : piece));
    } else if (typeof piece === 'number') {
      body.append(el('span', {class: 'left-out'},
        `${plural(piece, 'character')} the same`));
    } else if (Array.isArray(piece)) {
      body.append(el('mark', {class: side}, unwrapped(piece[0])));
    } else {
      body.append(el('span', {class: 'left-out'},
        `… ${plural(piece.cut, 'more character')}, not in this report`));
    }
    folded = typeof piece === 'number';
  }
  return body;
}

function link(member) {
  if (!member.url) {
    return null;
  }
  if (!member.is_link || !/^https?:\/\//i.test(member.url)) {
    return quoted(member.url, 'address');
  }
  return el('a', {class: 'address', href: member.url, rel: 'noopener noreferrer nofollow',
    target: '_blank', dir: 'ltr'}, member.url);
}

function documentHead(member, role) {
  return el('header', {class: 'document-head'},
    role && el('p', {class: 'role'}, role),
    el('h4', {}, quoted(titleOf(member))),
    el('p', {class: 'document-meta'},
      quoted(sourceName(member.source)),
      member.date && [' · ', el('time', {}, quoted(shortDate(member.date)))],
      ` · ${plural(member.characters, 'character')}`),
    member.url && el('p', {class: 'document-meta'}, link(member)),
    el('p', {class: 'document-meta'}, quoted(member.id || '(no id)', 'id')));
}

function meter(share, words) {
  return el('div', {class: 'meter'},
    el('span', {class: 'meter-track'},
      sized(el('span', {class: 'meter-fill'}), 'width', `${100 * share}%`)),
    el('span', {}, el('b', {}, percent(share)), ` ${words}`));
}

function figuresOf(member) {
  return el('div', {class: 'meters'},
    meter(member.similarity, 'alike'),
    meter(member.containment, 'of the copy stands in the kept text'),
    meter(member.survivor_containment, 'of the kept text stands in the copy'));
}

function sameBody(words) {
  return el('p', {class: 'same'}, words);
}

// What stands on the right: its text, or why it is not shown.
function copyBody(member) {
  if (member.text) {
    return textBody(member.text, 'copy');
  }
  if (member.characters === 0) {
    return sameBody('No text.');
  }
  if (member.kind === 'identical') {
    return sameBody('The same text, byte for byte.');
  }
  return sameBody('Not shown here, to keep the report small. The command below shows it.');
}

function sideBySide(survivor, member) {
  if (!member) {
    return el('div', {class: 'sides one'}, el('article', {}, documentHead(survivor, 'Kept'),
      textBody(survivor.text, 'kept')));
  }
  const kept = member.survivor_text || survivor.text;
  return el('div', {class: 'sides'},
    el('article', {class: 'side'}, documentHead(survivor, survivor.decision === 'keep'
      ? 'Kept' : 'Survivor, dropped with its group'), textBody(kept, 'kept')),
    el('article', {class: 'side'},
      documentHead(member, `${member.decision === 'keep' ? 'Kept, too' : 'Removed'} · ` +
        `${KIND_WORDS[member.kind]}`), copyBody(member)));
}
