#[graphwright::operation(
    r#"
query Query {
  users(role: ADMN) { id }
}
"#
)]
struct Query;

fn main() {}
