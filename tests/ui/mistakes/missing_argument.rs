#[graphwright::operation(
    r#"
query Query {
  user { id }
}
"#
)]
struct Query;

fn main() {}
