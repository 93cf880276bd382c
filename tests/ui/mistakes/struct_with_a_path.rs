#[graphwright::operation("graphql/folder/a.graphql")]
struct Query;

fn main() {}
