// Validates documents with graphql-js: reads lines of JSON, each a schema or a document, and prints a line of JSON, the
// list of messages, for each document.
import { buildClientSchema, buildSchema, OverlappingFieldsCanBeMergedRule, parse, specifiedRules, validate } from 'graphql';
import { createInterface } from 'node:readline';

const withoutConflicts = specifiedRules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule);

function schemaOf(text) {
  if (text.trimStart().startsWith('{')) {
    const json = JSON.parse(text);
    return buildClientSchema(json.data ?? json, { assumeValid: true });
  }
  return buildSchema(text, { assumeValid: true, assumeValidSDL: true });
}

function messages(schema, document, conflicts) {
  try {
    const rules = conflicts ? specifiedRules : withoutConflicts;
    return validate(schema, parse(document), rules).map((error) => error.message);
  } catch (error) {
    return [String(error.message)];
  }
}

let schema;
for await (const line of createInterface({ input: process.stdin })) {
  const work = JSON.parse(line);
  if (work.schema !== undefined) {
    try {
      schema = { is: schemaOf(work.schema) };
    } catch (error) {
      schema = { error: `no schema for graphql-js: ${error.message}` };
    }
  } else {
    console.log(JSON.stringify(schema.error ? [schema.error] : messages(schema.is, work.document, work.conflicts)));
  }
}
