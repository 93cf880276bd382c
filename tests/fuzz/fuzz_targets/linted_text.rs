#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(message) = graphwright_tests::hostile::linted_text(text) {
        panic!("{message}");
    }
});
