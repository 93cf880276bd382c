#[graphwright::operation(
    r#"
mutation Query {
  me { id }
}
"#
)]
struct Query;

fn main() {}
