#[graphwright::operation("query Query {\n  me { nmae }\n}")]
struct Query;

fn main() {}
