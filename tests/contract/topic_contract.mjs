// Validates an AsyncAPI document and the examples in it, and prints it, all
// references resolved, for the test to go on with.
//
//   node topic_contract.mjs PACKAGES DOCUMENT [MESSAGES]
//
// MESSAGES: a file with a list of name, headers and payload, which are judged
// like the examples.
//
// 1 and one line for each finding when it is not valid.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';

const [packages, file, more] = process.argv.slice(2);
const require = createRequire(packages + '/');
const { Parser, fromFile } = require('@asyncapi/parser');
const Ajv = require('ajv').default;
const addFormats = require('ajv-formats').default;

const findings = [];
const parser = new Parser();
const { document, diagnostics } = await fromFile(parser, file).parse();
for (const one of diagnostics) {
  // 0 is an error, 1 a warning; the rest is advice.
  if (one.severity <= 1)
    findings.push(`${one.path.join('.')}: ${one.message} (${one.code})`);
}

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
let examples = 0;

const compiled = new Map();

function judge(message, part, schema, value, name) {
  if (schema === undefined || value === undefined) return;
  const key = `${message} ${part}`;
  if (!compiled.has(key)) compiled.set(key, ajv.compile(plain(schema)));
  const valid = compiled.get(key);
  if (!valid(value))
    findings.push(`${message}, example ${name}, ${part}: ` +
                  ajv.errorsText(valid.errors));
}

// The parser's own marks are no part of the schemas.
function plain(schema) {
  return JSON.parse(JSON.stringify(schema, (key, value) =>
    key.startsWith('x-parser-') ? undefined : value));
}

const channels = {};
if (document) {
  const json = document.json();
  for (const [name, channel] of Object.entries(json.channels)) {
    channels[name] = { address: channel.address, bindings: channel.bindings,
                       messages: {} };
    for (const [key, message] of Object.entries(channel.messages ?? {})) {
      channels[name].messages[key] = plain(message);
      for (const example of message.examples ?? []) {
        ++examples;
        const id = example.name ?? '1';
        judge(key, 'headers', message.headers, example.headers, id);
        judge(key, 'payload', message.payload, example.payload, id);
      }
    }
  }
  const known = Object.assign({}, ...Object.values(channels).map(
    (channel) => channel.messages));
  for (const one of more ? JSON.parse(readFileSync(more, 'utf8')) : []) {
    const message = known[one.name];
    const id = JSON.stringify(one);
    if (!message) findings.push(`no message ${one.name}: ${id}`);
    judge(one.name, 'headers', message?.headers, one.headers, id);
    judge(one.name, 'payload', message?.payload, one.payload, id);
  }
  if (examples === 0) findings.push('no example at all');
}

for (const finding of findings) console.error(finding);
console.log(JSON.stringify({ channels, examples }));
process.exitCode = findings.length === 0 ? 0 : 1;
