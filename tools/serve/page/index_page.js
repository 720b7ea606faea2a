// SPDX-License-Identifier: MIT
// The page of `neardup serve`: what the index holds, what it says to a text, one of its documents.

let token = '';

// Asks the server that the page came from, and nobody else. Gives the answer, or throws its error.
async function ask(method, target, body, type) {
  const headers = {};
  if (token !== '') {
    headers.Authorization = `Bearer ${token}`;
  }
  if (type) {
    headers['Content-Type'] = type;
  }
  const answer = await fetch(target, {method, headers, body, cache: 'no-store',
    credentials: 'omit'});
  const value = await answer.json();
  if (answer.status === 401) {
    showAccess();
  }
  if (!answer.ok) {
    throw new Error(value.error || `status ${answer.status}`);
  }
  return value;
}

function bytes(number) {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (number >= 1000 && unit < units.length - 1) {
    number /= 1000;
    unit++;
  }
  return `${unit === 0 ? number : number.toFixed(1)} ${units[unit]}`;
}

// Pairs of a name and what stands for it; without those where there is nothing.
function facts(pairs, className) {
  return el('dl', {class: className}, pairs.filter(([, value]) => value)
    .map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

function showError(place, error) {
  append(clear(place), [el('p', {class: 'wrong'}, quoted(error.message))]);
  say(error.message);
}

// Runs what a form asks for and shows its answer in a place of the form.
function answering(place, work) {
  return async (event) => {
    event.preventDefault();
    try {
      append(clear(place), [await work()]);
      say('The answer is there.');
    } catch (error) {
      showError(place, error);
    }
  };
}

async function showIndex() {
  const place = byId('index');
  try {
    const now = await ask('GET', '/v1/stats');
    byId('state').textContent = `neardup ${now.neardup_version}, ` +
      `${now.matching.shingle_size} ${now.matching.tokens}, from ` +
      `${percent(now.matching.threshold)} alike`;
    append(clear(place), [el('h2', {}, 'In the index'), facts([
      ['documents', count(now.documents)],
      ['groups of copies', count(now.groups)],
      ['copies in them', count(now.copies)],
      ['on disk', bytes(now.database_bytes + now.segment_bytes)],
      ['a document', now.documents >= 1000 &&
        bytes(Math.round((now.database_bytes + now.segment_bytes) / now.documents))],
      ['segments', count(now.segments)]])]);
  } catch (error) {
    byId('state').textContent = 'no answer';
    showError(place, error);
  }
}

function matchRow(match) {
  const alike = match.estimated ? `${percent(match.low)} to ${percent(match.high)}`
    : percent(match.similarity);
  return el('tr', {}, el('td', {}, quoted(match.title || match.url || match.id)),
    el('td', {}, quoted(match.id)), el('td', {}, quoted(match.date || '')),
    el('td', {}, KIND_WORDS[match.kind] || match.kind), el('td', {}, alike));
}

function verdict(answer) {
  const matches = [answer.match, ...answer.matches].filter((match) => match !== null);
  const isKnown = answer.decision === 'known';
  return [el('p', {}, el('span', {class: isKnown ? 'known' : 'new'}, isKnown ? 'Known' : 'New'),
    isKnown ? `, ${KIND_MEANINGS[answer.match.kind] || ''}; ` +
      `its group has ${plural(answer.group_size, 'document')}.`
      : ': the index has nothing like it.'),
  matches.length > 0 && el('table', {}, el('thead', {}, el('tr', {},
    ['what', 'id', 'date', 'kind', 'alike'].map((name) => el('th', {scope: 'col'}, name)))),
  el('tbody', {}, matches.map(matchRow)))];
}

function showTry() {
  const text = el('textarea', {id: 'text', required: true, dir: 'auto'});
  const place = el('div', {class: 'answer', id: 'verdict'});
  const submit = answering(place, async () =>
    verdict(await ask('POST', '/v1/check?matches=10', text.value, 'text/plain; charset=utf-8')));
  append(byId('try'), [el('h2', {}, 'Seen this before?'), el('form', {onsubmit: submit},
    el('label', {for: 'text'}, 'A text; it is compared and not kept'), text,
    el('button', {id: 'ask'}, 'Check')), place]);
}

function documentFacts(found) {
  const own = (text) => text && quoted(text);
  return facts([['id', own(found.id)], ['title', own(found.title)], ['address', own(found.url)],
    ['source', own(found.source)], ['date', own(found.date)], ['text', `${bytes(found.bytes)}, ` +
      `${plural(found.tokens, 'word')}`], ['group', count(found.group)],
    ['added', new Date(found.added).toISOString().slice(0, 16).replace('T', ' ')]], 'facts');
}

function showFind() {
  const id = el('input', {id: 'id', required: true, autocomplete: 'off', spellcheck: 'false'});
  const place = el('div', {class: 'answer', id: 'document'});
  const submit = answering(place, async () =>
    documentFacts(await ask('GET', `/v1/documents/${encodeURIComponent(id.value)}`)));
  append(byId('find'), [el('h2', {}, 'A document'), el('form', {onsubmit: submit},
    el('label', {for: 'id'}, 'Its id'), id, el('button', {id: 'look'}, 'Show')), place]);
}

// The token stays in the page: it is asked for again when the page is loaded anew.
function showAccess() {
  const place = byId('access');
  if (!place.hidden) {
    return;
  }
  const field = el('input', {id: 'token', type: 'password', required: true,
    autocomplete: 'off'});
  const submit = (event) => {
    event.preventDefault();
    token = field.value;
    place.hidden = true;
    showIndex();
  };
  append(clear(place), [el('h2', {}, 'A token is needed'), el('form', {onsubmit: submit},
    el('label', {for: 'token'}, 'Token'), field, el('button', {}, 'Go on'))]);
  place.hidden = false;
  field.focus();
}

function main() {
  showTry();
  showFind();
  showIndex();
}
