#[graphwright::operation("subscription Renamed { renamed { id } }")]
struct Renamed;

#[graphwright::operation("query Me { me { id } }")]
struct Me;

async fn send(client: graphwright::Client) -> Result<(), graphwright::Error> {
    client.send(Me::new()).await?;
    client.send(Renamed::new()).await?;
    Ok(())
}

fn main() {}
