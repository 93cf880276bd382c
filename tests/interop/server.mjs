// A small API on GraphQL Yoga (npm), for tests of interoperation. Prints its URL.
import { createServer } from "node:http";
import { createGzip } from "node:zlib";
import { GraphQLError } from "graphql";
import { createSchema, createYoga } from "graphql-yoga";

const names = Array.from({ length: 25 }, (_, number) => `User ${number}`);
const user = (id) => ({
  id,
  name: names[id] ?? "New",
  broken: () => {
    throw new GraphQLError("broken on purpose", { extensions: { code: "BROKEN" } });
  },
  required: () => {
    throw new GraphQLError("required and broken");
  },
});

const schema = createSchema({
  typeDefs: `
    type Query { users(first: Int = 10, after: String): Users! user(id: ID!): User }
    type Mutation { addUser(name: String!): AddUser! }
    type User { id: ID! name: String! broken: String required: String! }
    type Users { nodes: [User!]! pageInfo: PageInfo! }
    type PageInfo { hasNextPage: Boolean! endCursor: String }
    type AddUser { user: User errors: [Problem!]! }
    type Problem { field: String! messages: [String!]! }
  `,
  resolvers: {
    Query: {
      users: (_, { first, after }) => {
        const start = after ? Number(after) + 1 : 0;
        const end = Math.min(start + first, names.length);
        const nodes = names.slice(start, end).map((_, at) => user(start + at));
        return { nodes, pageInfo: { hasNextPage: end < names.length, endCursor: String(end - 1) } };
      },
      user: (_, { id }) => user(Number(id)),
    },
    Mutation: {
      addUser: (_, { name }) =>
        name.trim()
          ? { user: { ...user(99), name }, errors: [] }
          : { user: null, errors: [{ field: "name", messages: ["must not be blank"] }] },
    },
  },
});

const yoga = createYoga({ schema, maskedErrors: false, logging: false });
const server = createServer(async (request, response) => {
  // Compression is the business of whatever stands before a server.
  const answer = await yoga.fetch(`http://localhost${request.url}`, {
    method: request.method,
    headers: request.headers,
    body: request.method === "POST" ? request : undefined,
    duplex: "half",
  });
  const headers = Object.fromEntries(answer.headers);
  delete headers["content-length"];
  response.writeHead(answer.status, { ...headers, "content-encoding": "gzip" });
  const gzip = createGzip();
  gzip.pipe(response);
  gzip.end(Buffer.from(await answer.arrayBuffer()));
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/graphql`));
