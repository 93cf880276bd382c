#[graphwright::operations("graphql/latin1.graphql")]
mod api {}

fn main() {}
