#[graphwright::operation(
    r#"
query Query($role: Rol) {
  users(role: $role) { id }
}
"#
)]
struct Query;

fn main() {}
