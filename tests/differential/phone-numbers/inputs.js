// Inputs of the comparison, one "REGION<tab>text" a line: every example number in many written forms, numbers drawn
// from the pattern of every range, national prefixes, carrier codes and international prefixes drawn from theirs, and
// seeded mutations of all of these. The same seed gives the same lines.
//
//   node inputs.js <folder of google-libphonenumber> <seed> <mutations>  > inputs.tsv
'use strict';

const path = require('path');
const { Random, draw } = require('./random');

const [folder, seed, mutations] = process.argv.slice(2);
const lib = require(path.resolve(folder));
const { countryToMetadata: plans } = lib.metadata;
const util = lib.PhoneNumberUtil.getInstance();
const random = new Random(Number(seed));
const ids = Object.keys(plans);
const regions = ids.filter(id => isNaN(id));
const kinds = [1, 2, 3, 4, 5, 6, 7, 8, 21, 24, 25, 28];

const lines = [];
const add = (region, text) => {
  if (!/[\r\n]/.test(text) && !/[\ud800-\udfff]/.test(text)) lines.push(`${region}\t${text}`);
};

const scripts = ['\uff10', '\u0660', '\u06f0'];
const punctuation = [' ', '-', '.', '(', ')', '/', ' - ', ') ', '\u00a0', '\u2010', '\u2013', '\u2212', '\u30fc', '~',
  '\uff0d', '\u3000', '\u200b', '[', ']', '*', 'x', '\uff08', '\u2060', '\u223c', '\u00ad'];
const signs = [...punctuation, ',', ';', '#', '+', '\uff0b', 'a', 'Z', 'e', 'X', '\u043e', '\uff58', ':', '\\', '/x',
  '/ x', '&', '=', '\u0661', '\ufe0f', 'tel:', ';ext=', ';isub=', ';phone-context=', 'int', '\t', '"', '\u017f', '\u212a',
  '\u0131', '\u1c82'];
const labels = ['x', ' x', ' x.', ' ext', ' ext.', ' ext. ', ' extn ', ' Extension ', ' extensi\u00f3n: ',
  ' EXTENSIO\u0301N ', ';ext=', ';EXT=', ' #', '#', ' ~', ',', ',,', ', ', ',,,', ' ; ', ';', ' int ', ' anexo ',
  ' \u0434\u043e\u0431 ', ' \u0414\u041e\u0411. ', ' \uff58\uff54\uff4e', '\uff45\uff38\uff54 ', ' \uff49\uff4e\uff54 ',
  ' - ', '-', ' xt', 'xtn-', ' \u1c81\u1c82\u0431 ', ',-,', ' ext,', ' e x t '];
const prefixes = ['0', '1', '00', '011', '0011', '+', '++', '+ ', '+0', '8', '15', '09', '\uff0b', '+1', '+44', '(', 'tel:',
  'tel:+', 'Tel. ', ' +', '*', '44', '39', '810', '+800', '+979', '00 00', '119', 'x', '+1 ('];

const idd = new Map(ids.map(id => [id, plans[id][11]]));
const extension = () => random.of(labels) + random.digits(random.between(0, 3) ? random.between(1, 7) : random.between(1, 22))
  + (random.one(4) ? '#' : '') + (random.one(20) ? ' ' : '');
const careless = digits => [...digits].map(digit => digit + (random.one(3) ? random.of(punctuation) : '')).join('');
const inScript = text => {
  const zero = random.of(scripts).charCodeAt(0);
  return text.replace(/[0-9]/g, digit => String.fromCharCode(zero + Number(digit)));
};
const keypad = ['', '', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ'];
const vanity = text => text.replace(/[2-9]/g, digit => random.one(2) ? random.of([...keypad[digit]]) : digit);

function forms(id, national) {
  const region = isNaN(id) ? id : random.of(regions);
  const code = String(plans[id][10]);
  let number = null;
  try {
    number = util.parse(isNaN(id) ? national : `+${code}${national}`, region);
  } catch (unreadable) {
    // Kept as an input all the same.
  }

  add(region, national);
  add(region, careless(national));
  add(region, (plans[id][12] || '') + national);
  add(region, `+${code}${national}`);
  add(random.of(regions), `+${code} ${careless(national)}`);
  add('ZZ', `+${code}-${national}`);
  add('', national);
  add(region, code + national);
  add(region, ` ${code}${national}`);
  add(random.of(regions), ` ${code}${national}`);
  const caller = random.of(regions);
  add(caller, (idd.get(caller) ? draw(idd.get(caller), random) : '00') + code + careless(national));
  add(region, national + extension());
  add(region, inScript(careless(national)));
  add(region, vanity(national));
  add(region.toLowerCase(), `tel:${national};phone-context=+${code}`);
  add(region, `tel:${national};phone-context=example.com`);
  if (plans[id][15] && /[0-9]/.test(plans[id][15])) {
    add(region, draw(plans[id][15].replace(/\$/g, ''), random) + national);
    add(region, draw(plans[id][15].replace(/\$/g, ''), random));
  }

  if (number) {
    for (const format of [0, 1, 2, 3]) {
      add(region, util.format(number, format));
      add(random.of(regions), util.format(number, format));
    }

    const withExtension = number.clone();
    withExtension.setExtension(random.digits(random.between(1, 6)));
    for (const format of [1, 2, 3]) add(region, util.format(withExtension, format));
  }
}

for (const id of ids) {
  for (const kind of kinds) {
    const range = plans[id][kind];
    if (range && range[6]) forms(id, range[6]);
    for (let times = 0; times < 20 && range && range[2]; times++) {
      const drawn = draw(range[2], random);
      if (times === 0) forms(id, drawn);
      else add(isNaN(id) ? id : random.of(regions), random.one(2) ? drawn : `+${plans[id][10]}${drawn}`);
    }
  }
}

const bases = lines.length;
const context = () => random.of(['+1', '+44', '+', '', '+1-2', '+(', 'example.com', 'a', '-a', 'a-b.c1.', '1.a', '+a', '.',
  '+\u0661', 'a..b', '\u0661.com', '+1;tel:5', 'a_b', 'com;x=y']);
const mutate = [
  text => replaceAt(text, 1, random.digits(1)),
  text => replaceAt(text, 1, ''),
  text => replaceAt(text, 0, random.digits(1)),
  text => replaceAt(text, 0, random.of(signs)),
  text => replaceAt(text, 1, random.of(signs)),
  text => random.of(prefixes) + text,
  text => text + extension(),
  text => text + random.of(signs),
  text => text.slice(0, random.between(0, text.length)),
  text => text.slice(random.between(0, 3)),
  text => inScript(text),
  text => vanity(text),
  text => careless(text),
  text => text + random.digits(random.between(1, 6)),
  text => `${text};phone-context=${context()}`,
  text => `tel:${text};phone-context=${context()};isub=${random.digits(2)}`,
  text => [...text].map(sign => random.one(6) ? random.of(signs) : sign).join(''),
  text => text.replace('+', ' '),
  text => text.replace('+', ''),
];

while (lines.length < bases + Number(mutations)) {
  const rubbish = random.one(12);
  const [region, base] = rubbish ? [random.of(regions), scrap()] : lines[random.between(0, bases - 1)].split(/\t(.*)/s);
  let text = base;
  for (let times = rubbish ? 0 : random.between(1, 3); times > 0; times--) text = random.of(mutate)(text);
  add(random.one(4) ? random.of(regions) : region, text);
}

process.stdout.write(lines.join('\n') + '\n');

function replaceAt(text, length, by) {
  const at = random.between(0, text.length);
  return text.slice(0, at) + by + text.slice(at + length);
}

function scrap() {
  const pick = () => random.one(3) ? random.of(signs) : random.one(2) ? random.of(labels) : random.digits(1);
  return random.one(2)
    ? random.digits(random.between(1, 20))
    : Array.from({ length: random.between(1, random.one(50) ? 260 : 20) }, pick).join('');
}
