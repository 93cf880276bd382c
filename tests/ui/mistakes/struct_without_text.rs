#[graphwright::operation]
struct Query;

fn main() {}
