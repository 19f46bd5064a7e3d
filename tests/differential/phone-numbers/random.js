// A small seeded generator, and a drawer of texts that a pattern of the metadata matches.
'use strict';

class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  // mulberry32
  next() {
    this.state = (this.state + 0x6D2B79F5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  between(least, most) {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  one(times) {
    return this.next() * times < 1;
  }

  of(list) {
    return list[this.between(0, list.length - 1)];
  }

  digits(length) {
    return Array.from({ length }, () => this.between(0, 9)).join('');
  }
}

// Digits, \d, classes, groups, alternatives and bounded repeats: all that the metadata uses.
function draw(pattern, random) {
  let at = 0;

  const alternatives = () => {
    const branches = [sequence()];
    while (pattern[at] === '|') {
      at++;
      branches.push(sequence());
    }
    return () => random.of(branches)();
  };

  const sequence = () => {
    const parts = [];
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') parts.push(repeat());
    return () => parts.map(part => part()).join('');
  };

  const repeat = () => {
    const part = atom();
    const counted = /^(\?|\{(\d+)(?:,(\d+))?\})/.exec(pattern.slice(at));
    if (!counted) return part;
    at += counted[0].length;
    const [least, most] = counted[0] === '?' ? [0, 1] : [Number(counted[2]), Number(counted[3] || counted[2])];
    return () => Array.from({ length: random.between(least, most) }, part).join('');
  };

  const atom = () => {
    const sign = pattern[at++];
    if (sign === '(') {
      if (pattern.startsWith('?:', at)) at += 2;
      const inner = alternatives();
      at++;
      return inner;
    }
    if (sign === '\\') {
      at++;
      return () => random.digits(1);
    }
    if (sign === '[') {
      const end = pattern.indexOf(']', at);
      const members = pattern.slice(at, end).replace(/\\d/g, '0-9')
        .replace(/(\d)-(\d)/g, (range, first, last) => '0123456789'.slice(first, Number(last) + 1));
      at = end + 1;
      return () => random.of([...members]);
    }
    return () => sign;
  };

  return alternatives()();
}

module.exports = { Random, draw };
