#[graphwright::operations("graphql/library", config = "typo.toml")]
mod api {}

fn main() {}
