#[graphwright::operation(
    r#"
query Query($first: Int) {
  users { id }
}
"#
)]
struct Query;

fn main() {}
