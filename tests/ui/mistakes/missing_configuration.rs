#[graphwright::operations("graphql/library", config = "graphql.confg.toml")]
mod api {}

fn main() {}
