#[graphwright::operation(
    r#"
query Query {
  me { name { first } }
}
"#
)]
struct Query;

fn main() {}
