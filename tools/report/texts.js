// SPDX-License-Identifier: MIT
// Texts side by side, with what differs marked.

// Newswire and mail break their lines at a fixed width: such a line goes on in the next one. Lines
// of tables, with their wide gaps, stay, and so do all of a text with lines that no width holds.
function unwrapped(text) {
  return /[^\n]{110}/.test(text) ? text : text.replace(/([^\n]{28,})\n(?=\S)/g, (whole, row) =>
    (/\S {3,}\S/.test(row) ? whole : `${row} `));
}

function leftOut(words) {
  return el('span', {class: 'left-out'}, words);
}

function cutMark(characters) {
  return leftOut(`… ${plural(characters, 'more character')}, not in this report`);
}

// A passage that is folded away: a button that shows it, where the report has it. What stands
// behind the passage up to the next word belongs to it.
function foldedPassage(piece, texts, words, behind) {
  const characters = typeof piece === 'number' ? piece : piece.left_out;
  const text = typeof piece === 'number' ? undefined : texts[piece.folded];
  if (text === undefined) {
    return [leftOut(`${plural(characters, 'character')} ${words}, not in this report`)];
  }
  const missing = characters - [...text].length;
  const passage = el('span', {class: 'unfolded', hidden: true}, unwrapped(text),
    missing > 0 ? cutMark(missing) : behind);
  const button = el('button', {type: 'button', class: 'left-out', 'aria-expanded': 'false',
    onclick: () => {
      passage.hidden = !passage.hidden;
      button.setAttribute('aria-expanded', String(!passage.hidden));
    }}, `${plural(characters, 'character')} ${words}`);
  return [button, passage];
}

// The pieces of an excerpt: text, a passage that is folded away (a number of characters, or the
// number of a text as well), {cut: characters} at the end, and what `other` makes an element of.
// Around a passage that is folded away there is a new line.
function appendPieces(body, pieces, texts, words, other) {
  const isFolded = (piece) => typeof piece === 'number' ||
    (piece !== undefined && piece.left_out !== undefined);
  const space = (piece) => (typeof piece === 'string' ? /^\s*/.exec(piece)[0] : '');
  pieces.forEach((piece, i) => {
    if (typeof piece === 'string') {
      body.append(unwrapped(i === 0 || isFolded(pieces[i - 1]) ? piece.trimStart() : piece));
    } else if (isFolded(piece)) {
      body.append(...foldedPassage(piece, texts, words, space(pieces[i + 1])));
    } else {
      body.append(piece.cut !== undefined ? cutMark(piece.cut) : other(piece));
    }
  });
  return body;
}

// The text of one side by itself.
function textBody(pieces, side, texts) {
  return appendPieces(el('div', {class: `text ${side}`, dir: 'auto', lang: ''}), pieces, texts,
    'the same', (piece) => el('mark', {class: side}, unwrapped(piece[0])));
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

// Why there is no text of the copy.
function noText(member) {
  if (member.characters === 0) {
    return sameBody('No text.');
  }
  if (member.kind === 'identical') {
    return sameBody('The same text, byte for byte.');
  }
  return sameBody('Not shown here, to keep the report small. The command below shows it.');
}

function survivorRole(survivor) {
  return survivor.decision === 'keep' ? 'Kept' : 'Survivor, dropped with its group';
}

function copyRole(member) {
  return `${member.decision === 'keep' ? 'Kept, too' : 'Removed'} · ${KIND_WORDS[member.kind]}`;
}

// Both documents side by side, in rows where both texts are there; group.differences are the rows
// that differ.
function sideBySide(group, member) {
  const survivor = group.survivor;
  group.differences = [];
  if (!member) {
    return el('div', {class: 'sides one'}, el('article', {class: 'side'},
      documentHead(survivor, 'Kept'), textBody(survivor.text, 'kept', group.folded)));
  }
  const heads = [documentHead(survivor, survivorRole(survivor)),
    documentHead(member, copyRole(member))];
  if (!member.text || !member.survivor_text) {
    return el('div', {class: 'sides'},
      el('article', {class: 'side'}, heads[0], textBody(survivor.text, 'kept', group.folded)),
      el('article', {class: 'side'}, heads[1], noText(member)));
  }
  const aligned = alignedTexts(member.survivor_text, member.text, group.folded);
  group.differences = aligned.differences;
  return el('div', {class: 'compared'},
    el('div', {class: 'sides heads'}, heads.map((head) => el('div', {class: 'side'}, head))),
    differenceBar(group), aligned.node);
}
