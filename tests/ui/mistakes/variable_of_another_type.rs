#[graphwright::operation(
    r#"
query Query($id: ID) {
  user(id: $id) { id }
}
"#
)]
struct Query;

fn main() {}
