#[graphwright::operation(
    r#"
query Query {
  users(first: "two") { id }
}
"#
)]
struct Query;

fn main() {}
