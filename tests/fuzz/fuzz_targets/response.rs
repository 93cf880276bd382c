#![no_main]
//! A response is refused, or decodes to what is encoded the same way ever after.

mod api {
    include!(concat!(env!("OUT_DIR"), "/api.rs"));
}

use graphwright::Operation;

/// The values themselves may differ: where a key that may be null is missing, a conditional fragment
/// seems not to be there; once `null` has been written for it, it seems to be there.
fn check<O: Operation>(text: &str) {
    let Ok(data) = serde_json::from_str::<O::Data>(text) else { return };
    let encoded = serde_json::to_value(&data).expect("whatever was decoded can be encoded");
    let again: O::Data = serde_json::from_str(&encoded.to_string()).expect("what was encoded can be decoded");
    assert_eq!(encoded, serde_json::to_value(&again).expect("as before"));
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    check::<api::Everything>(text);
    check::<api::Merged>(text);
    check::<api::Overlap>(text);
    check::<api::Introspection>(text);
});
