#[graphwright::operations("graphql/mising.graphql")]
mod api {}

fn main() {}
