#[graphwright::operation(
    r#"
query Query {
  me { id: name id }
}
"#
)]
struct Query;

fn main() {}
