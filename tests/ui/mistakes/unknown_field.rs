#[graphwright::operation(
    r#"
query Query {
  me { id nmae }
}
"#
)]
struct Query;

fn main() {}
