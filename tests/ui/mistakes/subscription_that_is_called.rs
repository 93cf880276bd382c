#[graphwright::operation("subscription Renamed { renamed { id } }")]
struct Renamed;

async fn call(client: graphwright::Client) -> Result<(), graphwright::Error> {
    let call = client.call(Renamed::new());
    call.idempotent().send().await?;
    Ok(())
}

fn main() {}
