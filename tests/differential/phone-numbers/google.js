// Google's own library behind the format of "leadledger numbers": reads "REGION<tab>text", writes one JSON object a line.
//
//   node google.js <folder of google-libphonenumber>  < inputs.tsv > google.jsonl
'use strict';

const path = require('path');

// Scripts that use this one take the folder as their first argument too.
const lib = require(path.resolve(process.argv[2]));
const util = lib.PhoneNumberUtil.getInstance();
const { PhoneNumberFormat: format } = lib;

// A JavaScript number is exact to 2^53 only, and a national number may have 17 digits; the other languages Google
// maintains hold it in 64 bits. Where the library makes a number of the digits, the digits themselves are kept too.
const { setNationalNumber } = lib.PhoneNumber.prototype;
const { getNationalSignificantNumber } = lib.PhoneNumberUtil.prototype;
const nativeParseInt = global.parseInt;
let lastDigits = '';
let rounded = false;
global.parseInt = (text, radix) => nativeParseInt(lastDigits = text, radix);
lib.PhoneNumber.prototype.setNationalNumber = function (value) {
  this.exactDigits = Number.isSafeInteger(value) ? null : lastDigits;
  rounded = rounded || this.exactDigits !== null;
  return setNationalNumber.call(this, value);
};
lib.PhoneNumberUtil.prototype.getNationalSignificantNumber = function (number) {
  return number.exactDigits || getNationalSignificantNumber.call(this, number);
};

const errors = new Map([
  [lib.Error.INVALID_COUNTRY_CODE, 'invalidCountryCode'],
  [lib.Error.NOT_A_NUMBER, 'notANumber'],
  [lib.Error.TOO_SHORT_AFTER_IDD, 'tooShortAfterIdd'],
  [lib.Error.TOO_SHORT_NSN, 'tooShort'],
  [lib.Error.TOO_LONG, 'tooLong'],
]);
const types = ['fixedLine', 'mobile', 'fixedLineOrMobile', 'tollFree', 'premiumRate', 'sharedCost', 'voip',
  'personalNumber', 'pager', 'uan', 'voicemail'];
const possibilities = ['isPossible', 'invalidCountryCode', 'tooShort', 'tooLong', 'isPossibleLocalOnly', 'invalidLength'];
const matches = ['notANumber', 'noMatch', 'shortNsnMatch', 'nsnMatch', 'exactMatch'];

// Matching compares the rounded numbers themselves, so there is no exact answer; null instead.
function match(one, other) {
  rounded = false;
  const result = matches[util.isNumberMatch(one, other)];
  return rounded ? null : result;
}

function parse(text, region) {
  try {
    return { number: util.parse(text, region) };
  } catch (error) {
    if (!errors.has(error.message)) throw error;
    return { error: errors.get(error.message) };
  }
}

// The one leniency of ours on top of Google's reading: a plus that a form decoder turned into a space.
function parseLenient(text, region) {
  const read = parse(text, region);
  if (!text.startsWith(' ') || read.number && util.isValidNumber(read.number)) return read;
  const digits = text.replace(/^ +/, '');
  if (digits.length > 250 || !/^[0-9\uff10-\uff19\u0660-\u0669\u06f0-\u06f9]/.test(digits)) return read;
  const international = parse(`+${digits}`, region);
  return international.number && util.isValidNumber(international.number) ? international : read;
}

function answer(text, region) {
  const { number, error } = parseLenient(text, region);
  if (error) return { error };
  return {
    e164: util.format(number, format.E164),
    valid: util.isValidNumber(number),
    possibility: possibilities[util.isPossibleNumberWithReason(number)],
    validForRegion: util.isValidNumberForRegion(number, region),
    type: types[util.getNumberType(number)] || 'unknown',
    region: util.getRegionCodeForNumber(number),
    national: util.format(number, format.NATIONAL),
    international: util.format(number, format.INTERNATIONAL),
    rfc3966: util.format(number, format.RFC3966),
    extension: number.getExtension() || null,
  };
}

module.exports = { util, types, match, answer };

if (require.main === module) {
  const input = require('fs').readFileSync(0, 'utf8').split('\n');
  if (input[input.length - 1] === '') input.pop();
  const output = input.map(line => {
    const tab = line.indexOf('\t');
    return JSON.stringify(answer(line.slice(tab + 1), line.slice(0, tab)));
  });
  process.stdout.write(output.join('\n') + '\n');
}
