#[graphwright::operations("graphql/folder")]
mod api {}

fn main() {}
