#[graphwright::operations("graphql/library", derive = ["Eq"], schma = "schema.graphql")]
mod api {}

fn main() {}
