#[graphwright::operation(
    r#"
query Query {
  me { ... on Team { title } }
}
"#
)]
struct Query;

fn main() {}
