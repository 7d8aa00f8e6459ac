#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| i3pm_layout_fuzz::run("import", input));
