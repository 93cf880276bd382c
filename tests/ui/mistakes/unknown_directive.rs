#[graphwright::operation(
    r#"
query Query {
  me @inclde(if: true) { id }
}
"#
)]
struct Query;

fn main() {}
