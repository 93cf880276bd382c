//! The code of the example is checked in; here it is compared with newly generated code,
//! and used.

use crate::support::{binary, root};
use graphwright::{Operation, prismatic};
use graphwright_fixtures::{Server, Settings};
use std::process::Command;

#[allow(dead_code, reason = "the example uses the rest")]
#[path = "../../../runtime/examples/prismatic/api/mod.rs"]
pub mod api;

#[test]
fn the_checked_in_code_is_fresh() {
    let check = Command::new(binary())
        .args(["generate", "--check", "--config", "fixtures/prismatic/graphql.config.toml"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        check.status.success(),
        "{}{}",
        String::from_utf8_lossy(&check.stdout),
        String::from_utf8_lossy(&check.stderr)
    );
}

/// The five operations of the API's description, sent to the server through generated code.
#[tokio::test]
async fn every_operation_of_the_contract_runs() {
    let server = Server::start(Settings { requests_per_second: 0, ..Settings::default() }).unwrap();
    let client = prismatic::client(&server.url(), server.access_token("local-user", 60)).build().unwrap();
    let created = client.send(api::customers::CreateCustomer::new("Acme Corp").external_id("acme-123")).await.unwrap();
    let created = created.create_customer.unwrap();
    assert_eq!(created.errors, []);
    let customer = created.customer.unwrap();
    let listed = client.send(api::customers::ListCustomers::new().name_contains("acme")).await.unwrap().customers;
    assert_eq!((listed.total_count, listed.nodes[0].as_ref()), (1, Some(&customer)));
    let refused = client.send(api::customers::CreateCustomer::new("Again").external_id("acme-123")).await.unwrap();
    assert_eq!(refused.create_customer.unwrap().errors[0].field, "externalId");
    let integrations = client.send(api::integrations::ListIntegrations::new().first(1)).await.unwrap().integrations;
    assert!(integrations.page_info.has_next_page);
    let keys = vec![Some("slack".to_owned())];
    let components = client.send(api::components::ListComponents::new().keys(keys)).await.unwrap().components;
    let slack = components.nodes[0].as_ref().unwrap();
    #[allow(deprecated, reason = "the server still sends it")]
    let authorization = slack.authorization_required;
    assert_eq!((slack.key.as_str(), authorization), ("slack", Some(true)));
    let without = api::components::ListComponents::new().with_authorization(false);
    let components = client.send(without).await.unwrap().components;
    #[allow(deprecated, reason = "the server still sends it")]
    let authorization = components.nodes[0].as_ref().unwrap().authorization_required;
    assert_eq!(authorization, None);
    let instances = client.send(api::instances::ListInstances::new()).await.unwrap().instances;
    let instance = instances.nodes[0].as_ref().unwrap();
    assert_eq!((instance.name.as_str(), instance.integration.name.as_str()), ("Orders", "Orders to CRM"));
    let activity = client.send(api::instances::InstanceActivity::new(instance.id.clone())).await.unwrap();
    assert_eq!(activity.logs.nodes[0].as_ref().unwrap().severity, api::types::LogSeverityLevel::Info);
}

#[test]
fn the_name_on_the_wire_is_the_documents_own() {
    assert_eq!(api::customers::ListCustomers::NAME, Some("listCustomers"));
    assert_eq!(api::customers::ListCustomers::ID.len(), 64);
    assert!(api::customers::ListCustomers::DOCUMENT.starts_with("query listCustomers("));
}
