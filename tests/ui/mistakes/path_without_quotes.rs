#[graphwright::operations(graphql/library)]
mod api {}

fn main() {}
