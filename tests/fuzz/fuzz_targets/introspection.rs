#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| graphwright_tests::hostile::introspection(text));
