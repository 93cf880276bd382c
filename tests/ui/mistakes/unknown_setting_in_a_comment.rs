#[graphwright::operation(
    r#"
query Query {
  # @graphwright(renam: "x")
  me { id }
}
"#
)]
struct Query;

fn main() {}
