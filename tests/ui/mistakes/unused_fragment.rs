#[graphwright::operation(
    r#"
query Query {
  me { id }
}
fragment A on User { id }
"#
)]
struct Query;

fn main() {}
