//! `query-cost`

use super::super::cost::{Cost, Model, Models};
use super::prelude::*;
use std::collections::BTreeMap;

pub const ENTRY: Entry = entry::<QueryCost>(Meta {
    usual: Level::Error,
    known_as: &["graphql-inspector", "graphql-armor/cost-limit"],
    what: "Finds operations that cost more than a budget, by the model of the server.",
    why: "Servers such as GitHub's and Shopify's refuse what costs too much, or count it against a budget of the hour. The \
          finding names the way that costs most.",
    ..meta!("query-cost", Category::Performance, Reads::Documents)
});

/// Without a model the rule does nothing.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct QueryCost {
    /// How the server counts.
    model: Option<Models>,
    /// The budget; that of the model unless given: 500,000 nodes of GitHub's, 1,000 points of Shopify's.
    max: Option<f64>,
    /// The size of a page that a variable without a default decides.
    assume_page_size: Option<f64>,
    /// The length of a list that is no connection, where the model counts it.
    assume_list_size: Option<f64>,
    /// What fields (`Query.search`) and types (`User`) cost, over the model.
    weights: BTreeMap<String, f64>,
    /// Operations that may cost more, each until a day: `Export = "2027-01-31"`.
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
                    finding.note(format!("most of it: {}: {} ({share:.0} %)", way.factors, number(way.cost)))
                }
                None => finding,
            };
            let help = if is_assumed {
                "ask for smaller pages; sizes that variables decide were assumed"
            } else {
                "ask for smaller pages, or for less in each"
            };
            cx.say(finding.help(help));
        }
    }
}

fn is_ahead(until: &str) -> bool {
    super::super::day(until).is_some_and(|day| day >= super::super::today())
}

/// With commas between thousands.
fn number(value: f64) -> String {
    let digits = format!("{value:.0}");
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}
