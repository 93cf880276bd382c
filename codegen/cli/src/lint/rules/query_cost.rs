//! `query-cost`

use super::super::cost::{Cost, Model, Models};
use super::prelude::*;
use std::collections::BTreeMap;

pub const ENTRY: Entry = entry::<QueryCost>(Meta {
    usual: Level::Error,
    known_as: &["graphql-inspector", "graphql-armor/cost-limit"],
    what: "Finds operations whose cost exceeds a budget, by the cost model of the server.",
    why: "Servers such as GitHub's and Shopify's reject expensive operations, or count them against an hourly budget. The \
          finding shows the most expensive path.",
    ..meta!("query-cost", Category::Performance, Reads::Documents)
});

/// Without a model, the rule does nothing.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct QueryCost {
    /// The cost model of the server.
    model: Option<Models>,
    /// The budget; by default that of the model: 500,000 nodes for GitHub, 1,000 points for Shopify.
    max: Option<f64>,
    /// The assumed page size for a variable without a default.
    assume_page_size: Option<f64>,
    /// The assumed length of a list that is not a connection, if the model counts it.
    assume_list_size: Option<f64>,
    /// The cost of fields (`Query.search`) and types (`User`), overriding the model.
    weights: BTreeMap<String, f64>,
    /// Operations that may exceed the budget, each until a date: `Export = "2027-01-31"`.
    exempt: BTreeMap<String, String>,
}

impl Rule for QueryCost {
    fn operation<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) {
        let Some(which) = self.model else { return };
        let name = operation.name.as_ref().map_or("the operation", |name| name.as_str());
        if self.exempt.get(name).is_some_and(|until| is_ahead(until)) {
            return;
        }
        let model = Model::new(which, &self.weights, self.assume_page_size, self.assume_list_size);
        let Cost { total, dominating, is_assumed, .. } = model.of(cx, operation);
        let max = self.max.unwrap_or(model.usual_max());
        if total > max {
            let unit = model.unit();
            let message = format!("`{name}` costs {} {unit}, more than {}", number(total), number(max));
            let finding = cx.finding(cx.operation_name(operation), message);
            let finding = match dominating {
                Some(way) => {
                    let share = 100.0 * way.cost / total.max(1.0);
                    finding.note(format!("most expensive path: {}: {} ({share:.0} %)", way.factors, number(way.cost)))
                }
                None => finding,
            };
            let help = if is_assumed {
                "request smaller pages; page sizes set by variables were assumed"
            } else {
                "request smaller pages or fewer fields"
            };
            cx.say(finding.help(help));
        }
    }
}

fn is_ahead(until: &str) -> bool {
    super::super::day(until).is_some_and(|day| day >= super::super::today())
}

/// Formats a number with commas between thousands.
fn number(value: f64) -> String {
    let digits = format!("{value:.0}");
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}
