use serde_json::{Value, json};

use super::*;

#[track_caller]
fn check(text: &str, expected: &[Value], repairs: &[(Repair, usize)]) {
    let found = compose(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let values: Vec<Value> = found.values.iter().map(Spanned::to_value).collect();
    assert_eq!(values, expected, "{text}");
    assert_eq!(found.repairs, repairs, "{text}");
}

#[test]
fn comments_and_several_values_are_read() {
    let text = "// a {\n{\"a\": /* [ */ 1}\n{ // b\n}{}[2]3 // c";
    check(
        text,
        &[json!({"a": 1}), json!({}), json!({}), json!([2]), json!(3)],
        &[],
    );
    check("", &[], &[]);
    check("// only\n", &[], &[]);
    check(
        "{\"url\": \"http://a/*b*/#c\"}",
        &[json!({"url": "http://a/*b*/#c"})],
        &[],
    );
}

#[test]
fn mistakes_with_a_clear_meaning_are_repaired() {
    use Repair::*;
    check(
        "{\"a\": [1, 2,],}",
        &[json!({"a": [1, 2]})],
        &[(CommaAtEnd, 11), (CommaAtEnd, 13)],
    );
    check(
        "{\"a\": 1 // x\n, // y\n}",
        &[json!({"a": 1})],
        &[(CommaAtEnd, 13)],
    );
    check(
        "{},\n{},",
        &[json!({}), json!({})],
        &[(CommaBetweenValues, 2), (CommaBetweenValues, 6)],
    );
    check(
        "{\"a\":[]\n\"b\":[{} {}]}",
        &[json!({"a": [], "b": [{}, {}]})],
        &[(MissingComma, 8), (MissingComma, 16)],
    );
    check(
        "[,1,,2]",
        &[json!([1, 2])],
        &[(ExtraComma, 1), (ExtraComma, 4)],
    );
    check(
        r#"["^a\.b\\.\/$"]"#,
        &[json!([r"^a\.b\./$"])],
        &[(Backslash, 4)],
    );
    check("[1 # x\n]", &[json!([1])], &[(HashComment, 3)]);
}

#[test]
fn places_are_those_of_the_original() {
    let text = "{\"ü\": [1,]}\n{\"b\":\"a\\.b\" \"c\": 5}";
    let found = compose(text).unwrap_or_else(|error| panic!("{error:?}"));
    let c = found.values[1].get("c").unwrap();
    assert_eq!(&text[c.span.clone()], "5");
    assert_eq!(&text[found.values[1].span.clone()], &text[13..]);
    assert_eq!(found.place("f", c.span.start).to_string(), "f:2:18");
    for (text, at) in [
        ("{\"a\" 1}", 5),
        ("{\"a\": 1\n\"b\": tru}", 15),
        ("[1", 2),
        ("[}", 1),
    ] {
        let error = compose(text).unwrap_err();
        assert!(error.span.start.abs_diff(at) <= 1, "{text}: {error:?}");
    }
}
