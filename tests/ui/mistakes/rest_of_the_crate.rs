//! What is right in a module can be used, and has no errors of its own.

#[graphwright::operations("graphql/mistakes.graphql")]
mod api {
    impl Me {
        pub fn name_of(data: &me::Data) -> Option<&str> {
            data.me.as_ref().map(|me| me.basic.name.as_str())
        }
    }
}

#[graphwright::operations("graphql/syntax.graphql")]
mod broken {}

#[graphwright::operations("graphql/folder/a.graphql")]
mod right {}

fn main() {
    let _ = (api::Me::new(), api::Others::new(), broken::Me::new(), right::Me::new());
    let _: Option<(api::others::Data, broken::me::Data, right::me::Data)> = None;
}
