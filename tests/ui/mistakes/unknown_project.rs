#[graphwright::operations("graphql/library", project = "api")]
mod api {}

fn main() {}
