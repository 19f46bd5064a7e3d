// Writes what Google's library answers to a sample of the inputs of one seed, the same number of lines for each region,
// with all its example numbers and with matches of pairs. One JSON array a line, Brotli around all.
//
//   node record.js <folder of google-libphonenumber> <seed> <file to write>
'use strict';

const { execFileSync } = require('child_process');
const path = require('path');
const zlib = require('zlib');
const { Random } = require('./random');

const [folder, seed, target] = process.argv.slice(2);
const { util, types, match, answer } = require('./google');
const lib = require(path.resolve(folder));
const random = new Random(Number(seed));
const linesOfRegion = 100;
const pairs = 3000;

const inputs = execFileSync(process.execPath, [path.join(__dirname, 'inputs.js'), folder, seed, '200000'],
  { maxBuffer: 1 << 28 }).toString('utf8').trimEnd().split('\n').map(line => line.split(/\t(.*)/s));
const byRegion = new Map();
for (const [region, text] of inputs) {
  if (!byRegion.has(region)) byRegion.set(region, []);
  byRegion.get(region).push(text);
}

const rows = [];
for (const [region, texts] of [...byRegion].sort()) {
  if (region !== region.toUpperCase()) continue;
  for (let line = 0; line < linesOfRegion && texts.length > 0; line++) {
    const [text] = texts.splice(random.between(0, texts.length - 1), 1);
    const read = answer(text, region);
    rows.push(['number', region, text, ...(read.error ? [read.error] : Object.values(read))]);
  }
}

for (const region of util.getSupportedRegions().sort()) {
  types.forEach((type, at) => {
    const example = util.getExampleNumberForType(region, at);
    rows.push(['example', region, type, example ? util.format(example, lib.PhoneNumberFormat.E164) : null]);
  });
}

for (const code of util.getSupportedGlobalNetworkCallingCodes()) {
  const example = util.getExampleNumberForNonGeoEntity(code);
  rows.push(['entity', code, example ? util.format(example, lib.PhoneNumberFormat.E164) : null]);
}

for (let pair = 0; pair < pairs; pair++) {
  const [region, one] = random.of(inputs);
  const other = random.one(3) ? random.of(inputs)[1] : related(region, one);
  const result = match(one, other);
  if (result !== null) rows.push(['match', one, other, result]);
}

const text = rows.map(row => JSON.stringify(row)).join('\n') + '\n';
require('fs').writeFileSync(target, zlib.brotliCompressSync(text, {
  params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 24 },
}));
console.log(`${rows.length} rows, ${text.length} characters`);

// The same number as another region or form would write it, or its end.
function related(region, text) {
  try {
    const number = util.parse(text, region);
    const written = util.format(number, random.between(0, 3));
    return random.one(4) ? written.slice(random.between(1, 5)) : random.one(4) ? `${written} ext. 5` : written;
  } catch (unreadable) {
    return text.slice(1);
  }
}
