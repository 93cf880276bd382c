// GraphQL Yoga (npm) with a mutation that charges, and a resolver beside it that makes the response fail. Counts what it
// executes. Prints its URL.
import { createServer } from "node:http";
import { GraphQLError } from "graphql";
import { createSchema, createYoga } from "graphql-yoga";

/** How often each key was charged, and each query executed. */
const charged = new Map();
const asked = new Map();
const count = (map, key) => {
  map.set(key, (map.get(key) ?? 0) + 1);
  return map.get(key);
};
const fail = (status) => {
  const headers = status === 401 ? {} : { "retry-after": "0.01" };
  throw new GraphQLError(`fails with ${status}`, { extensions: { code: "FAILS", http: { status, headers } } });
};

const schema = createSchema({
  typeDefs: `
    type Query { ask(key: String!, status: Int!): Int charged: Counts! asked: Counts! }
    type Mutation { charge(key: String!): Int! notify(status: Int!): Int notifyAlways(status: Int!): Int! }
    type Counts { keys: Int! most: Int! }
  `,
  resolvers: {
    Query: {
      // Fails the first two times.
      ask: (_, { key, status }) => (count(asked, key) <= 2 ? fail(status) : 1),
      charged: () => counts(charged),
      asked: () => counts(asked),
    },
    Mutation: {
      charge: (_, { key }) => count(charged, key),
      notify: (_, { status }) => fail(status),
      notifyAlways: (_, { status }) => fail(status),
    },
  },
});
const counts = (map) => ({ keys: map.size, most: Math.max(0, ...map.values()) });

const server = createServer(createYoga({ schema, maskedErrors: false, logging: false }));
// Connections that a busy machine leaves idle stay open: their end is another fault.
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/graphql`));
