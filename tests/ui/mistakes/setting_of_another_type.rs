#[graphwright::operations("graphql/library", derives = 3, same_response_shape = "maybe")]
mod api {}

fn main() {}
