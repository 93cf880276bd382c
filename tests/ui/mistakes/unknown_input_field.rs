#[graphwright::operation(
    r#"
query Query {
  users(filter: { role: ADMIN, nam: "x" }) { id }
}
"#
)]
struct Query;

fn main() {}
