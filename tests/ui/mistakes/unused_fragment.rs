#[graphwright::operation(
    r#"
query Query {
  me { id }
}
fragment A on User { id }
"#,
    unused_fragments = "error"
)]
struct Query;

fn main() {}
