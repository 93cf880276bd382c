#[graphwright::operation("query Query { me { id } }")]
struct r#async;

fn main() {}
