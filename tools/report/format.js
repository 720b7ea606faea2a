// SPDX-License-Identifier: MIT
// Numbers and names in words.

const KINDS = ['template', 'near', 'contained', 'normalized', 'identical', 'exact', 'site'];
const KIND_WORDS = {
  identical: 'identical',
  normalized: 'same words',
  contained: 'contained',
  near: 'near copy',
  template: 'one form',
  exact: 'exact',
  site: 'site text',
  none: 'kept',
};
const KIND_MEANINGS = {
  identical: 'the same text, byte for byte',
  normalized: 'the same words; case, accents, punctuation or spaces differ',
  contained: 'it stands in the kept text, all of it or most',
  near: 'most of it stands in the kept text',
  template: 'the same form with contents of its own',
  exact: 'word for word',
  site: 'on many pages of the site',
  none: 'kept',
};

// 12345 -> "12 k": where there is room for a few digits only.
function compactCount(number) {
  return number < 10000 ? count(number) : number < 1e6 ? `${Math.round(number / 1000)} k`
    : `${(number / 1e6).toFixed(1)} M`;
}

function count(number) {
  return number.toLocaleString('en-US');
}

function plural(number, one, many) {
  return `${count(number)} ${number === 1 ? one : many || one + 's'}`;
}

// 0.9312 -> "93.1 %"; what is not everything is never shown as 100 %.
function percent(share) {
  let text = (100 * share).toFixed(1);
  if (share < 1 && text === '100.0') {
    text = '99.9';
  }
  if (share > 0 && text === '0.0') {
    return '< 0.1 %';
  }
  return `${text.replace(/\.0$/, '')} %`;
}

function sourceName(name) {
  return name === '' || name === undefined ? '(no source)' : name;
}

// Long names without their middle: addresses and folders differ at both ends.
function middleCut(text, most) {
  const letters = [...text];
  if (letters.length <= most) {
    return text;
  }
  const head = Math.ceil((most - 1) * 0.55);
  const tail = letters.length - (most - 1 - head);
  return `${letters.slice(0, head).join('')}…${letters.slice(tail).join('')}`;
}

// 1987-02-26T15:01:00Z -> 1987-02-26 15:01; what is no such date stays as it is.
function shortDate(date) {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}))?/.exec(date || '');
  if (!match) {
    return date || '';
  }
  return match[2] && match[2] !== '00:00' ? `${match[1]} ${match[2]}` : match[1];
}

// A word for a POSIX shell. What cannot be seen is written as an escape, which bash and zsh read.
function shellWord(text) {
  if (/^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('-')) {
    return text;
  }
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) {
    const escaped = text.replace(/[\\']/g, '\\$&').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
      (c) => `\\U${c.codePointAt(0).toString(16).padStart(8, '0')}`);
    return `$'${escaped}'`;
  }
  return `'${text.replace(/'/g, "'\\''")}'`;
}

// The title, or the first line, or the first words of the text.
function titleOf(member) {
  if (member.title) {
    return member.title;
  }
  const pieces = (member.text || []).slice(0, 4).flat();
  const text = pieces.filter((piece) => typeof piece === 'string').join('').trim();
  const row = text.split('\n', 1)[0].trim();
  const words = row.length >= 12 ? row : text.replace(/\s+/g, ' ');
  return (words.length > 120 ? `${words.slice(0, 110).replace(/\s+\S*$/, '')} …` : words) ||
    member.id || '(no id)';
}
