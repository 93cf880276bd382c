#[graphwright::operation(
    r#"
query Query {
  search(text: "a") { ... on Usr { id } }
}
"#
)]
struct Query;

fn main() {}
