#[graphwright::operations("graphql/nothing/*.graphql")]
mod api {}

fn main() {}
