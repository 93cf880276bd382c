#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| graphwright_tests::hostile::document_text(text));
