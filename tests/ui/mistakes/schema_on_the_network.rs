#[graphwright::operations("graphql/folder/a.graphql", schema = "https://example.com/graphql")]
mod api {}

fn main() {}
