#[graphwright::operation("{ me { id } }", "{ me { name } }")]
struct Query;

fn main() {}
