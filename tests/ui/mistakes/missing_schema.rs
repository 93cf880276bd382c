#[graphwright::operations("graphql/folder/a.graphql", schema = "schem.graphql")]
mod api {}

fn main() {}
