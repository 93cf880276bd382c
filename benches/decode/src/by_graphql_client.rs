//! What graphql_client generates.
use graphql_client::GraphQLQuery;

macro_rules! operation {
    ($name:ident) => {
        #[derive(GraphQLQuery)]
        #[graphql(
            schema_path = "schema.graphql",
            query_path = "operations.graphql",
            response_derives = "Debug, Clone, PartialEq"
        )]
        pub struct $name;
    };
}

operation!(Search);
operation!(Nodes);
operation!(Customers);
operation!(Page);
operation!(Overlap);
