#[graphwright::operations("graphql/folder/a.graphql")]
mod elsewhere;

fn main() {}
