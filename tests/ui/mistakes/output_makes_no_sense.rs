#[graphwright::operations("graphql/library", output = "src/api.rs")]
mod api {}

fn main() {}
