//! Logs in to Prismatic's API, creates customers, lists all of them page by page, and cleans up.
//!
//! `cargo xtask quickstart` starts a local server and runs this against it. By hand:
//! `PRISMATIC_URL=… PRISM_REFRESH_TOKEN=… cargo run -p graphwright --example prismatic`

mod api;

use api::customers::{CreateCustomer, DeleteCustomer, ListCustomers};
use api::whoami::WhoAmI;
use graphwright::{Client, Id, Payload, prismatic};
use std::error::Error;
use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let client = prismatic::Login::from_environment()?.client().build()?;

    let me = client.send(WhoAmI::new()).await?.authenticated_user;
    println!("logged in as {} <{}>", me.name, me.email);

    let mut created = Vec::new();
    for (name, external_id) in [("Acme Corp", "acme-1"), ("Globex", "globex-1"), ("Initech", "initech-1")] {
        created.push(create(&client, name, external_id).await?);
    }
    list(&client).await?;
    for id in created {
        client.send(DeleteCustomer::new(id)).await?;
    }
    Ok(())
}

async fn create(client: &Client, name: &str, external_id: &str) -> Result<Id, Box<dyn Error>> {
    let operation = CreateCustomer::new(name).external_id(external_id);
    let payload = client.send(operation).await?.into_result()?.create_customer;
    let customer = payload.and_then(|payload| payload.customer).ok_or("the server created nothing")?;
    println!("created {} ({})", customer.name, customer.id);
    Ok(customer.id)
}

async fn list(client: &Client) -> Result<(), Box<dyn Error>> {
    let mut pages = client.pages(ListCustomers::new().first(2));
    while let Some(page) = pages.next().await {
        let customers = page?.customers;
        println!("{} of {} customers:", customers.nodes.len(), customers.total_count);
        for customer in customers.nodes.iter().flatten() {
            println!("  {:<24} {}", customer.name, customer.external_id.as_deref().unwrap_or("-"));
        }
    }
    Ok(())
}
