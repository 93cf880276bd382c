// Reads {"schema": "SDL", "documents": ["…"]} and prints, for each document, what graphql-js says is wrong with it.
import { buildSchema, parse, validate } from "graphql";
import { readFileSync } from "node:fs";

const { schema: sdl, documents } = JSON.parse(readFileSync(0, "utf8"));
const schema = buildSchema(sdl);
const problems = (document) => {
  try {
    return validate(schema, parse(document)).map((error) => error.message);
  } catch (error) {
    return [error.message];
  }
};
console.log(JSON.stringify(documents.map(problems)));
