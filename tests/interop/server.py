"""A small API on strawberry (PyPI), for tests of interoperation. Prints its URL."""

import socket
from typing import Optional

import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from strawberry.asgi import GraphQL

NAMES = [f"User {number}" for number in range(25)]


@strawberry.type
class User:
    id: strawberry.ID
    name: str

    @strawberry.field
    def broken(self) -> Optional[str]:
        raise ValueError("broken on purpose")

    @strawberry.field
    def required(self) -> str:
        raise ValueError("required and broken")


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: Optional[str]


@strawberry.type
class Users:
    nodes: list[User]
    page_info: PageInfo


@strawberry.type
class Problem:
    field: str
    messages: list[str]


@strawberry.type
class AddUser:
    user: Optional[User]
    errors: list[Problem]


@strawberry.type
class Query:
    @strawberry.field
    def users(self, first: int = 10, after: Optional[str] = None) -> Users:
        start = int(after) + 1 if after else 0
        end = min(start + first, len(NAMES))
        nodes = [User(id=strawberry.ID(str(at)), name=NAMES[at]) for at in range(start, end)]
        return Users(nodes=nodes, page_info=PageInfo(has_next_page=end < len(NAMES), end_cursor=str(end - 1)))

    @strawberry.field
    def user(self, id: strawberry.ID) -> Optional[User]:
        return User(id=id, name=NAMES[int(id)])


@strawberry.type
class Mutation:
    @strawberry.mutation
    def add_user(self, name: str) -> AddUser:
        if not name.strip():
            return AddUser(user=None, errors=[Problem(field="name", messages=["must not be blank"])])
        return AddUser(user=User(id=strawberry.ID("99"), name=name), errors=[])


app = Starlette()
app.add_middleware(GZipMiddleware, minimum_size=100)
app.mount("/graphql", GraphQL(strawberry.Schema(Query, Mutation)))

listener = socket.create_server(("127.0.0.1", 0))
print(f"http://127.0.0.1:{listener.getsockname()[1]}/graphql/", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])
