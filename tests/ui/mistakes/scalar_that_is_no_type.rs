#[graphwright::operations("graphql/folder/a.graphql", scalars = { DateTime = "Vec<" })]
mod api {}

fn main() {}
