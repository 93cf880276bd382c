#[graphwright::operation(
    r#"
query Query {
  me
}
"#
)]
struct Query;

fn main() {}
