#[graphwright::operations("graphql/library", schema)]
mod api {}

fn main() {}
