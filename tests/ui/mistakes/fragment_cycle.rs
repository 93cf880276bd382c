#[graphwright::operation(
    r#"
query Query {
  me { ...A }
}
fragment A on User { friends { ...B } }
fragment B on User { friends { ...A } }
"#
)]
struct Query;

fn main() {}
