//! The criteria of a window: those that are in force, else those in comments, else its properties.

use std::ops::Range;

use serde_json::Value;

use super::fields::{get, list, text, text_of};
use super::note::About;
use crate::capture::is_lasting;
use crate::document::Spanned;
use crate::layout::criteria::{compile, exact, is_matchable};
use crate::layout::{Criterion, Swallow};

/// The criteria of a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Found {
    pub(super) swallow: Swallow,
    /// The title at the time when the file was written.
    pub(super) title: Option<String>,
    /// Notes about the criteria.
    pub(super) notes: Vec<About>,
}

/// The keys of `swallows` without a counterpart.
const OTHER_KEYS: [&str; 5] = [
    "id",
    "dock",
    "insert_where",
    "restart_mode",
    "transient_for",
];

/// Reads the criteria of a window. `comments` are the comments of the text. With `by_tool`, the
/// tool wrote all properties as criteria, and nobody has chosen them.
pub(super) fn read(con: &Spanned, whole: &str, comments: &[Range<usize>], by_tool: bool) -> Found {
    let mut notes = Vec::new();
    let name = text_of(con, "name");
    let swallows = get(con, "swallows");
    let mut entries = list(con, "swallows").iter();
    let mut chosen = Swallow::default();
    for entry in entries.by_ref() {
        if entry.entries().is_empty() {
            continue;
        }
        let read = active(entry, &mut notes);
        if chosen.is_empty() {
            chosen = read;
        } else if let Some(both) = either(&chosen, &read) {
            chosen = both;
        } else if read != chosen && !read.is_empty() {
            notes.push(About::Alternative);
        }
    }
    let mut title = name;
    if chosen.is_empty() {
        let in_comments = swallows.map(|value| commented(&value.span, whole, comments));
        if let Some((swallow, of_window)) = in_comments.filter(|(swallow, _)| !swallow.is_empty()) {
            chosen = swallow;
            title = title.or(of_window);
            notes.push(About::CommentedCriteria);
        }
    }
    if chosen.is_empty() {
        let of_window = |criterion: Criterion| {
            let property = text_of(get(con, "window_properties")?, criterion.as_str())?;
            is_matchable(&property).then(|| exact(&property))
        };
        let is_lasting =
            |&criterion: &Criterion| !matches!(criterion, Criterion::Title | Criterion::Machine);
        chosen = Swallow::of(|criterion| Some(criterion).filter(is_lasting).and_then(of_window));
        if chosen.is_empty()
            && list(con, "swallows")
                .iter()
                .any(|one| one.entries().is_empty())
        {
            notes.push(About::EmptySwallow);
        }
    }
    let is_identified = chosen.class.is_some() || chosen.instance.is_some();
    if is_identified
        && let Some(pattern) = &chosen.title
        && let Some(of_pattern) = literal(pattern)
        && (by_tool || title.as_ref() == Some(&of_pattern))
    {
        title = title.or(Some(of_pattern));
        chosen.title = None;
        notes.push(About::Title);
    }
    if by_tool && is_identified {
        chosen.machine = None;
    }
    let role = chosen.window_role.as_deref().and_then(literal);
    if is_identified && role.is_some_and(|role| !is_lasting(&role)) {
        chosen.window_role = None;
        notes.push(About::Role);
    }
    if chosen.is_empty()
        && let Some(title) = title.as_deref().filter(|title| is_matchable(title))
    {
        chosen.title = Some(exact(title));
        notes.push(About::OnlyTitle);
    }
    Found {
        swallow: chosen,
        title,
        notes,
    }
}

/// The valid criteria of an entry of `swallows`.
fn active(entry: &Spanned, notes: &mut Vec<About>) -> Swallow {
    for other in entry.entries() {
        let key = other.key.to_ascii_lowercase();
        if Criterion::named(&key).is_none() && !OTHER_KEYS.contains(&&*key) {
            notes.push(About::Key(other.key.clone()));
        }
    }
    let mut pattern = |criterion: Criterion| {
        let pattern = text(get(entry, criterion.as_str())?)?;
        match compile(&pattern) {
            Ok(_) => Some(tidy(&pattern)),
            Err(message) => {
                notes.push(About::InvalidPattern(criterion.as_str(), message));
                None
            }
        }
    };
    let [class, instance, title, window_role, machine] = Criterion::ALL.map(&mut pattern);
    let mut swallow = Swallow {
        class,
        instance,
        title,
        window_role,
        machine,
    };
    if matches_empty(&swallow) {
        without_empty(&mut swallow, notes);
    }
    swallow
}

/// True if the criteria match a window without properties.
fn matches_empty(swallow: &Swallow) -> bool {
    let is_match =
        |pattern: &str| compile(pattern).is_ok_and(|one| one.is_match(b"").unwrap_or(false));
    !swallow.is_empty() && swallow.criteria().all(|(_, pattern)| is_match(pattern))
}

/// Requires a property where that is clearly meant, and drops the other criteria.
fn without_empty(swallow: &mut Swallow, notes: &mut Vec<About>) {
    let old = swallow.clone();
    *swallow = Swallow::of(|criterion| {
        let any = matches!(criterion.pattern(&old)?, ".*" | "^.*$" | "^.*" | ".*$");
        any.then(|| "^.+$".to_owned())
    });
    for criterion in Criterion::ALL {
        if criterion.pattern(&old).is_some() {
            notes.push(About::MatchesNothing(criterion.as_str()));
        }
    }
}

/// Criteria that match if one of two does. `None` unless both have the same single criterion.
fn either(one: &Swallow, other: &Swallow) -> Option<Swallow> {
    let mut both = (one.criteria(), other.criteria());
    let (first, second) = (both.0.next()?, both.1.next()?);
    if first.0 != second.0 || both.0.next().is_some() || both.1.next().is_some() {
        return None;
    }
    let pattern = if first.1 == second.1 {
        first.1.to_owned()
    } else if [first.1, second.1]
        .iter()
        .any(|pattern| pattern.contains("(?"))
    {
        // An option such as `(?i)` counts only for its own pattern.
        format!("(?:{})|(?:{})", first.1, second.1)
    } else {
        format!("{}|{}", first.1, second.1)
    };
    compile(&pattern).ok()?;
    Some(Swallow::of(|criterion| {
        (criterion.as_str() == first.0).then(|| pattern.clone())
    }))
}

/// The class, instance and role that i3-save-tree suggests in comments inside of `swallows`, and
/// the title.
fn commented(
    span: &Range<usize>,
    whole: &str,
    comments: &[Range<usize>],
) -> (Swallow, Option<String>) {
    let first = comments.partition_point(|comment| comment.start < span.start);
    let inside = comments[first..]
        .iter()
        .take_while(|comment| comment.end <= span.end);
    let entries: Vec<(String, String)> = inside
        .filter_map(|comment| {
            let line = whole.get(comment.clone())?.trim_start_matches('/').trim();
            let entry = format!("{{{}}}", line.trim_end_matches(','));
            let Value::Object(map) = serde_json::from_str(&entry).ok()? else {
                return None;
            };
            let (key, value) = map.into_iter().next()?;
            Some((key, value.as_str()?.replace('\0', "")))
        })
        .collect();
    let pattern = |key: &str| entries.iter().find(|(name, _)| name == key);
    let valid = |key: &str| {
        let (_, pattern) = pattern(key)?;
        compile(pattern).ok()?;
        Some(tidy(pattern))
    };
    let mut swallow = Swallow {
        class: valid("class"),
        instance: valid("instance"),
        window_role: valid("window_role"),
        ..Swallow::default()
    };
    if matches_empty(&swallow) {
        swallow = Swallow::default();
    }
    (swallow, valid("title").as_deref().and_then(literal))
}

/// The same pattern as `capture` would write it, if it is that of one string: the tools escape
/// characters that are not special.
fn tidy(pattern: &str) -> String {
    literal(pattern).map_or_else(|| pattern.to_owned(), |text| exact(&text))
}

/// The only string that a pattern matches, with any characters escaped; `None` for other patterns.
pub(super) fn literal(pattern: &str) -> Option<String> {
    unescaped(pattern.strip_prefix('^')?.strip_suffix('$')?)
}

/// The name that a pattern is about, also if it is not anchored or ignores the case.
pub(super) fn name(pattern: &str) -> Option<String> {
    let pattern = pattern.strip_prefix("(?i)").unwrap_or(pattern);
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    unescaped(pattern.strip_suffix('$').unwrap_or(pattern)).filter(|name| !name.is_empty())
}

fn unescaped(inside: &str) -> Option<String> {
    let mut text = String::with_capacity(inside.len());
    let mut letters = inside.chars();
    while let Some(letter) = letters.next() {
        text.push(match letter {
            '\\' => letters
                .next()
                .filter(|next| !next.is_ascii_alphanumeric())?,
            '^' | '$' | '.' | '[' | '|' | '(' | ')' | '?' | '*' | '+' | '{' => return None,
            other => other,
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests;
