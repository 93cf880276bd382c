#[graphwright::operation("query A { me { id } } query B { me { name } }")]
struct Query;

#[graphwright::operation("fragment F on User { id }")]
struct Fragment;

fn main() {}
