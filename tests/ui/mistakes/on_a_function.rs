#[graphwright::operations("graphql/folder/a.graphql")]
fn api() {}

fn main() {}
