#[graphwright::operation(
    r#"
{ me { id } }
{ users { id } }
"#
)]
struct Query;

fn main() {}
