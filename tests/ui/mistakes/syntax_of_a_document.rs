#[graphwright::operations("graphql/syntax.graphql")]
mod api {}

fn main() {}
