#[graphwright::operation(
    r#"
query Query($first: Int) {
  users(first: $frist) { id }
}
"#
)]
struct Query;

fn main() {}
