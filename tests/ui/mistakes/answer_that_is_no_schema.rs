#[graphwright::operations("graphql/folder/a.graphql", schema = "answer.json")]
mod api {}

fn main() {}
