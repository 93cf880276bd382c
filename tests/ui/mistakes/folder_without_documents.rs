#[graphwright::operations("graphql/empty")]
mod api {}

fn main() {}
