#[graphwright::operations("graphql/folder/a.graphql", derives = ["Eq +"])]
mod api {}

fn main() {}
