#[graphwright::operation(
    r#"
query Query {
  me { ...Basci }
}
"#
)]
struct Query;

fn main() {}
