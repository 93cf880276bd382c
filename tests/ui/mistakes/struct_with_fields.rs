#[graphwright::operation("{ me { id } }")]
struct Query {
    id: String,
}

fn main() {}
