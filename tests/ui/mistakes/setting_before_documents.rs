#[graphwright::operations(documents = "graphql/library")]
mod api {}

fn main() {}
