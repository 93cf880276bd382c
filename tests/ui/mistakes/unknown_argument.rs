#[graphwright::operation(
    r#"
query Query {
  users(frist: 2) { id }
}
"#
)]
struct Query;

fn main() {}
