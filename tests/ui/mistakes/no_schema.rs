#[graphwright::operations("graphql/library", config = "no_schema.toml")]
mod api {}

fn main() {}
