#[graphwright::operation("query Query { me { id } }")]
#[derive(Debug)]
struct Query;

#[graphwright::operation("query Other { me { id } }")]
#[must_use]
struct Other;

fn main() {}
