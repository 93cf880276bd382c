#[graphwright::operation(
    r#"
query Query {
  me { id name }
}
"#,
    schema = "twice.graphql"
)]
struct Query;

fn main() {}
