#[graphwright::operations("graphql/mistakes.graphql")]
mod api {}

fn main() {}
