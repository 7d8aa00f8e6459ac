//! Small changes of inputs.

use crate::harness::random::Random;

/// Parts of all kinds of inputs, and values at the limits of types.
pub(super) const TOKENS: &[&[u8]] = &[
    b"[",
    b"{",
    b"}",
    b"{\"a\":",
    b"[{\"nodes\":",
    b"- ",
    b"? ",
    b"a: ",
    b"&a [",
    b"*a ",
    b"<<: *a\n",
    b"\"",
    b"'",
    b"\\",
    b"\\\n",
    b"`",
    b"(",
    b"(?:a+)+",
    b"${",
    b"${a}",
    b"$(",
    b"%f ",
    b"=",
    b",",
    b";",
    b":",
    b"/",
    b"-p ",
    b"--password=",
    b"https://a:b@",
    b"#",
    b"a",
    b"0",
    b" ",
    b"\t",
    b"\n",
    b"\n\n- ",
    b"a\n",
    b"include a\n",
    b"for_window [class=\"",
    b"\0",
    b"\xff",
    b"\xc3\xa9",
    b"\xe2\x80\xa8",
    b"\xef\xbb\xbf",
    b"\\u0000",
    b"-1",
    b"2147483647",
    b"-2147483648",
    b"4294967295",
    b"18446744073709551615",
    b"1e308",
    b"0.1",
    b"null",
    b"true",
    b"[]",
    b"{}",
];

/// Parts that are different each time; `@` is a number.
pub(super) const NUMBERED: &[&str] = &[
    "a@: 1\n",
    "- a@: &a@ {}\n",
    "\"a@\":{},",
    "{\"a@\":@}\n",
    "- { id: a@, swallow: { class: ^A@$ }, command: a@ }\n",
    "  - { name: '@', nodes: [] }\n",
    "a@=b ",
    "--password=secret@ secret@\n",
    "a@;",
    "Exec=a@\n[Desktop Action a@]\n",
    "for_window [class=a@] floating enable\n",
    "workspace a@ gaps inner @\n",
    "workspace @ output a@\n",
    "include a\0default_border pixel @\n",
];

/// The parts with numbers from 0 on, up to a length.
pub(super) fn numbered(part: &str, length: usize) -> Vec<u8> {
    let parts = (0..length / part.len()).map(|number| part.replace('@', &number.to_string()));
    parts.collect::<String>().into_bytes()
}

/// Changes an input a little; `other` is an input of the same kind.
pub(super) fn mutate(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let from = random.below(input.len() + 1);
    let to = (from + random.below(20)).min(input.len());
    match random.below(7) {
        0 => drop(input.drain(from..to)),
        1 => drop(input.splice(from..to, random.one(TOKENS).iter().copied())),
        2 => drop(input.splice(from..from, random.one(TOKENS).repeat(1 + random.below(40)))),
        3 => {
            let part = input[from..to].repeat(1 + random.below(9));
            drop(input.splice(from..from, part));
        }
        4 => replace_number(input, from, random),
        5 => {
            let start = random.below(other.len() + 1);
            let end = (start + random.below(200)).min(other.len());
            drop(input.splice(from..to, other[start..end].iter().copied()));
        }
        _ => {
            if let Some(byte) = input.get_mut(from) {
                *byte ^= 1 << random.below(8);
            }
        }
    }
}

/// Replaces the first number from a place on.
fn replace_number(input: &mut Vec<u8>, from: usize, random: &mut Random) {
    let numbers: Vec<&[u8]> = TOKENS
        .iter()
        .copied()
        .filter(|token| token.iter().any(u8::is_ascii_digit))
        .collect();
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let Some(start) = input[from..].iter().position(is_digit) else {
        return;
    };
    let start = from + start;
    let length = input[start..]
        .iter()
        .take_while(|byte| is_digit(byte))
        .count();
    let number = random.one(&numbers).iter().copied();
    drop(input.splice(start..start + length, number));
}
