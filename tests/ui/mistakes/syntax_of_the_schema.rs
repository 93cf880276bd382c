#[graphwright::operations("graphql/folder/a.graphql", schema = "broken.graphql")]
mod api {}

fn main() {}
