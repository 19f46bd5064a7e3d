// How many US numbers a second Google's library parses, validates and writes in E.164, by
// processor time; the median of three warm rounds.
//
//   node speed.js <folder of google-libphonenumber>  < lines
'use strict';

const path = require('path');
const { PhoneNumberFormat, PhoneNumberUtil } = require(path.resolve(process.argv[2]));

const util = PhoneNumberUtil.getInstance();
const lines = require('fs').readFileSync(0, 'utf8').split('\n');

function readAll() {
  const started = process.cpuUsage();
  for (const line of lines) {
    const number = util.parse(line, 'US');
    if (util.isValidNumber(number)) util.format(number, PhoneNumberFormat.E164);
  }
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

readAll();
const seconds = [readAll(), readAll(), readAll()].sort((one, other) => one - other);
console.log(lines.length / seconds[1]);
