//! Writes layout files in their canonical form.
//!
//! Defaults are left out, keys have the order of `form`, and short maps are on one line.
//! Reading and writing a canonical file gives the same bytes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::comments::{Comments, SlotComments};
use super::extensions;
use super::implied;
use super::model::Layout;
use super::yaml;
use crate::document::{Form as _, Format, encode};
use crate::document::{Path, Step};

/// Options for writing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// The path or URL of the JSON Schema, for editors. `None`: the file does not name a
    /// schema.
    pub schema: Option<String>,
    /// Comments above slots, by id. JSON has no comments.
    pub comments: SlotComments,
}

/// Returns the text of a layout, with a newline at the end.
pub fn write(layout: &Layout, format: Format, options: &WriteOptions) -> String {
    // A line break would end the comment.
    let schema = options
        .schema
        .clone()
        .filter(|schema| !schema.chars().any(char::is_control));
    let mut map = encode::object(layout);
    if let (Format::Json, Some(schema)) = (format, &schema) {
        map.shift_insert(0, "$schema".to_owned(), schema.clone().into());
    }
    let value = Value::Object(map);
    match format {
        Format::Json => format!("{value:#}\n"),
        Format::Yaml => {
            let head = schema.map_or(String::new(), |schema| {
                format!("# yaml-language-server: $schema={schema}\n")
            });
            let mut comments = Comments::default();
            comments.add_above_slots(&options.comments, &value);
            head + &yaml::emit(&value, &comments)
        }
    }
}

/// Returns the text of a layout that replaces the text `before`, with its comments and its
/// reference to the schema.
///
/// `moves` maps the places of list entries in the old layout to those in this one; see
/// [`Comments::moved`]. `added` are more comments above slots.
pub fn rewrite(
    layout: &Layout,
    format: Format,
    before: &str,
    moves: &BTreeMap<Path, Path>,
    added: &SlotComments,
) -> String {
    match format {
        Format::Json => {
            let before: Value = serde_json::from_str(before).unwrap_or_default();
            let schema = before.get("$schema").and_then(Value::as_str);
            let mut map = encode::object(layout);
            if let Some(schema) = schema {
                map.shift_insert(0, "$schema".to_owned(), schema.into());
            }
            let mut value = Value::Object(map);
            extensions::keep(&mut value, &before, moves);
            format!("{value:#}\n")
        }
        // The reference to the schema is a comment.
        Format::Yaml => {
            let mut value = layout.encode();
            let of_before = format.compose(before).map(|text| text.to_value());
            let places = moves
                .iter()
                .filter_map(|(old, new)| Some((workspace(old)?, workspace(new)?)));
            let of_before = of_before.unwrap_or_default();
            implied::keep(layout, &mut value, &of_before, places);
            extensions::keep(&mut value, &of_before, moves);
            let mut comments = Comments::of_yaml(before).moved(moves, &value);
            comments.add_above_slots(added, &value);
            yaml::emit(&value, &comments)
        }
    }
}

/// The position of the workspace at this path.
fn workspace(path: &Path) -> Option<usize> {
    match path.0.as_slice() {
        [Step::Key(key), Step::Index(position)] if key == "workspaces" => Some(*position),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::hooks::{Hook, HookList, Hooks};
    use super::super::model::{
        Base, Border, Command, Container, ContainerLayout, Content, Floating, Fullscreen, Gaps,
        Included, Monitor, Node, Percent, Seen, Swallow, Template, Window, Workspace,
    };
    use super::super::profile::{Profile, ProfileMonitor, ProfileWorkspace};
    use super::super::read::read;
    use super::*;
    use crate::document::{self, Fault, Finding};
    use crate::geometry::{Rect, Size};
    use crate::live::Edid;
    use crate::tree::{Attributes, Kind};
    use proptest::collection::{btree_map, vec};
    use proptest::option;
    use proptest::prelude::*;

    /// The example of the design.
    const DAILY: &str = include_str!("../../tests/data/layouts/valid/daily-dev.yaml");

    #[test]
    fn a_canonical_file_is_written_as_it_was_read() {
        let layout = read(DAILY, "daily-dev.yaml", Format::Yaml)
            .unwrap_or_else(|problems| panic!("{problems}"));
        let options = WriteOptions {
            schema: Some("layout-v1.schema.json".to_owned()),
            ..WriteOptions::default()
        };
        assert_eq!(write(&layout, Format::Yaml, &options), DAILY);
    }

    #[test]
    fn an_empty_layout_has_only_a_version() {
        let write = |format| write(&Layout::default(), format, &WriteOptions::default());
        assert_eq!(write(Format::Yaml), "version: 1\n");
        assert_eq!(write(Format::Json), "{\n  \"version\": 1\n}\n");
    }

    #[test]
    fn comments_are_above_their_slots() {
        let layout = read(DAILY, "daily-dev.yaml", Format::Yaml)
            .unwrap_or_else(|problems| panic!("{problems}"));
        let options = WriteOptions {
            comments: SlotComments::from([("editor".to_owned(), vec!["a\nb".to_owned()])]),
            ..WriteOptions::default()
        };
        let text = write(&layout, Format::Yaml, &options);
        let lines: Vec<&str> = text.lines().collect();
        let at = lines.iter().position(|line| line.contains("id: editor"));
        let before = at.and_then(|at| lines.get(at - 1));
        assert_eq!(before.map(|line| line.trim()), Some("# a\u{fffd}b"));
        let again = read(&text, "x.yaml", Format::Yaml).unwrap_or_else(|_| panic!("{text}"));
        assert_eq!(again, layout);
    }

    /// Strings that YAML could read as other values, and any other strings.
    fn nasty() -> impl Strategy<Value = String> {
        let words = prop::sample::select(vec![
            "",
            " ",
            "~",
            "null",
            "yes",
            "No",
            "on",
            "true",
            "1",
            "-1",
            "0x1f",
            "0o7",
            "010",
            "1_0",
            "1.5",
            ".5",
            "1e3",
            ".inf",
            "-.INF",
            ".NaN",
            "1:30",
            "1:code",
            "2001-01-01",
            "-",
            "- a",
            "a: b",
            "a:",
            ":a",
            "a #b",
            "#a",
            "a#b",
            "?",
            "? a",
            "{a}",
            "[a]",
            "a, b",
            "a]",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "'a'",
            "\"a\"",
            "it's",
            "%a",
            "@a",
            "`a`",
            "a\\b",
            "---",
            "...",
            "=",
            "<<",
            " a",
            "a ",
            "a\nb",
            "\n",
            "a\n",
            "\t",
            "a\tb",
            "\u{7f}",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\u{1b}[31m",
            "ü",
            "日本",
            "🦀",
            "e\u{301}",
            "\u{202e}x",
            "\0",
            "\r\n",
            "--- a",
            "a:b",
            "http://x/y#z",
            "^(a|b)$",
            "$${x}",
            "+",
            "+1",
            "1e",
            "0b1",
            "NULL",
            "y",
            "n",
            "0.",
            "1.",
            "_1",
            "12e03",
            "- ",
            "\u{ffff}",
            "\u{a0}",
        ]);
        prop_oneof![
            3 => words.prop_map(str::to_owned),
            2 => "[a-zA-Z0-9 :#,\\[\\]{}'\"\\\\&*!|>%@`?=~<.+_-]{0,12}",
            2 => "\\PC{0,12}",
            1 => any::<String>(),
            1 => "[a-z ]{100,140}",
        ]
    }

    fn maybe() -> impl Strategy<Value = Option<String>> {
        option::weighted(0.4, nasty())
    }

    fn number() -> impl Strategy<Value = f64> {
        prop_oneof![
            (1u8..100).prop_map(f64::from),
            0.000_001..100.0f64,
            Just(33.34),
            Just(1e-9),
            Just(0.1 + 0.2),
        ]
    }

    fn rect() -> impl Strategy<Value = Rect> {
        (-65_535..65_535, -65_535..65_535, 1u32..65_535, 1u32..65_535)
            .prop_map(|(x, y, width, height)| Rect::new(x, y, width, height))
    }

    fn edid() -> impl Strategy<Value = Edid> {
        let size = (1u32..65_535, 1u32..65_535).prop_map(|(width, height)| Size { width, height });
        (maybe(), maybe(), maybe(), option::weighted(0.2, size)).prop_map(
            |(make, model, serial, size_mm)| Edid {
                make,
                model,
                serial,
                size_mm,
            },
        )
    }

    fn layout_kind() -> impl Strategy<Value = ContainerLayout> {
        prop::sample::select(vec![
            ContainerLayout::SplitH,
            ContainerLayout::SplitV,
            ContainerLayout::Stacked,
            ContainerLayout::Tabbed,
        ])
    }

    fn gaps() -> impl Strategy<Value = Gaps> {
        let edge = || option::weighted(0.3, -3..3);
        (
            option::weighted(0.2, 0..3),
            (edge(), edge(), edge(), edge()),
        )
            .prop_map(|(inner, (top, right, bottom, left))| Gaps {
                inner,
                top,
                right,
                bottom,
                left,
            })
    }

    fn attributes() -> impl Strategy<Value = Attributes> {
        let border = prop_oneof![
            Just(Border::None),
            (0u32..100).prop_map(Border::Pixel),
            (0u32..100).prop_map(Border::Normal),
        ];
        let fullscreen = prop::sample::select(vec![
            Fullscreen::None,
            Fullscreen::Output,
            Fullscreen::Global,
        ]);
        (
            vec(nasty(), 0..3),
            option::weighted(0.2, border),
            maybe(),
            option::weighted(0.2, 0u32..100),
            fullscreen,
            any::<bool>(),
        )
            .prop_map(
                |(marks, border, title_format, title_window_icon, fullscreen, sticky)| Attributes {
                    marks,
                    border,
                    title_format,
                    title_window_icon,
                    fullscreen,
                    sticky,
                },
            )
    }

    fn node_of(kind: Kind<Window, Percent>) -> impl Strategy<Value = Node> {
        (option::of(number()), attributes()).prop_map(move |(percent, attributes)| Node {
            share: Percent(percent),
            attributes,
            kind: kind.clone(),
        })
    }

    /// A focus order of this many children.
    fn focus(count: usize) -> impl Strategy<Value = Vec<usize>> {
        Just((0..count).collect::<Vec<_>>()).prop_shuffle()
    }

    /// A window with what a template can have, too.
    fn properties() -> impl Strategy<Value = Window> {
        let swallow = (maybe(), maybe(), maybe(), maybe(), maybe()).prop_map(
            |(class, instance, title, window_role, machine)| Swallow {
                class,
                instance,
                title,
                window_role,
                machine,
            },
        );
        let command = prop_oneof![
            nasty().prop_map(Command::Line),
            vec(nasty(), 0..4).prop_map(Command::Args),
        ];
        (
            (swallow, option::of(command), maybe()),
            btree_map(nasty(), nasty(), 0..3),
            option::of(number()),
            any::<bool>(),
        )
            .prop_map(|((swallow, command, cwd), env, timeout, optional)| Window {
                swallow,
                command,
                cwd,
                env,
                timeout,
                optional,
                ..Window::default()
            })
    }

    fn window() -> impl Strategy<Value = Node> {
        let seen = (maybe(), maybe(), any::<bool>());
        let seen = seen.prop_map(|(title, process, dialog)| Seen {
            title,
            process,
            dialog,
        });
        (maybe(), maybe(), properties(), seen).prop_flat_map(|(id, template, window, seen)| {
            node_of(Kind::Leaf(Window {
                id,
                base: template.map(Base::named),
                seen,
                ..window
            }))
        })
    }

    fn node() -> impl Strategy<Value = Node> {
        window().prop_recursive(3, 12, 3, |inner| {
            (layout_kind(), vec(inner, 0..3))
                .prop_flat_map(|(layout, nodes)| {
                    let focus = focus(nodes.len());
                    (Just(layout), Just(nodes), focus)
                })
                .prop_flat_map(|(layout, nodes, focus)| {
                    node_of(Kind::Container(Container {
                        layout,
                        nodes,
                        focus,
                    }))
                })
        })
    }

    fn floating() -> impl Strategy<Value = Floating> {
        (node(), option::of(rect()), any::<bool>()).prop_map(|(node, rect, scratchpad)| Floating {
            node,
            rect,
            scratchpad,
        })
    }

    fn any_layout() -> impl Strategy<Value = Layout> {
        let monitor =
            (nasty(), rect(), any::<bool>(), edid()).prop_map(|(output, rect, primary, edid)| {
                Monitor {
                    output,
                    rect,
                    primary,
                    edid,
                }
            });
        let workspace = (
            (
                nasty(),
                vec(nasty(), 0..3),
                layout_kind(),
                gaps(),
                any::<bool>(),
            ),
            vec(node(), 0..3),
            vec(floating(), 0..2),
        )
            .prop_flat_map(|(head, nodes, floating)| {
                let focus = focus(nodes.len() + floating.len());
                (Just(head), Just(nodes), Just(floating), focus)
            })
            .prop_map(
                |((name, output, layout, gaps, visible), nodes, floating, focus)| Workspace {
                    name,
                    output,
                    gaps,
                    visible,
                    content: Content {
                        layout,
                        nodes,
                        floating,
                        focus,
                    },
                },
            );
        (
            (maybe(), maybe(), maybe()),
            (
                btree_map(nasty(), nasty(), 0..3),
                vec(nasty(), 0..3),
                btree_map(nasty(), properties().prop_map(Template), 0..2),
                hooks(),
            ),
            (vec(monitor, 0..3), vec(profile(), 0..2)),
            vec(workspace, 0..3),
            vec(floating(), 0..2),
        )
            .prop_map(
                |(
                    (name, project, focus),
                    (vars, include, templates, hooks),
                    (monitors, profiles),
                    workspaces,
                    scratchpad,
                )| {
                    let mut layout = Layout {
                        profiles,
                        name,
                        project,
                        vars: BTreeMap::from_iter(vars),
                        required_vars: BTreeSet::default(),
                        include,
                        templates,
                        included: Included::default(),
                        hooks,
                        monitors,
                        workspaces,
                        scratchpad,
                        focus,
                    };
                    implied::add(&mut layout);
                    layout
                },
            )
    }

    fn hooks() -> impl Strategy<Value = Hooks> {
        let command = prop_oneof![
            nasty().prop_map(Command::Line),
            vec(nasty(), 1..4).prop_map(Command::Args),
        ];
        let hook = (command, option::of(0.5..60.0))
            .prop_map(|(command, timeout)| Hook { command, timeout });
        let lists = vec(vec(hook, 0..3).prop_map(HookList), 5..6);
        option::weighted(0.3, lists).prop_map(|lists| {
            let mut lists = lists.unwrap_or_default().into_iter();
            let mut next = || lists.next().unwrap_or_default();
            Hooks {
                pre_apply: next(),
                post_apply: next(),
                pre_capture: next(),
                post_capture: next(),
                on_incomplete: next(),
            }
        })
    }

    fn profile() -> impl Strategy<Value = Profile> {
        let size = (1u32..65_535, 1u32..65_535).prop_map(|(width, height)| Size { width, height });
        let edid = (maybe(), maybe(), maybe()).prop_map(|(make, model, serial)| Edid {
            make,
            model,
            serial,
            size_mm: None,
        });
        let monitor = (maybe(), maybe(), edid, option::weighted(0.3, size)).prop_map(
            |(name, output, edid, size)| ProfileMonitor {
                name,
                output,
                edid,
                size,
            },
        );
        let workspace = (nasty(), nasty(), any::<bool>()).prop_map(|(name, output, visible)| {
            ProfileWorkspace {
                name,
                output,
                visible,
            }
        });
        (nasty(), vec(monitor, 0..3), vec(workspace, 0..3), maybe()).prop_map(
            |(name, monitors, workspaces, focus)| Profile {
                name,
                monitors,
                workspaces,
                focus,
            },
        )
    }

    /// Reads the model of a file without checks.
    fn parse_only(text: &str, format: Format) -> Result<(Layout, Vec<Finding>), String> {
        let (layout, mut findings) = document::parse_only::<Layout>(text, format)?;
        findings.retain(|finding| finding.fault != Fault::EmptySwallow);
        Ok((layout, findings))
    }

    proptest! {
        #![proptest_config(ProptestConfig { max_shrink_iters: 2000, ..ProptestConfig::default() })]

        /// Any model is restored from both notations, even if it makes no sense.
        #[test]
        fn written_layouts_are_read_back(layout in any_layout()) {
            for format in [Format::Yaml, Format::Json] {
                let text = write(&layout, format, &WriteOptions::default());
                let (again, findings) = parse_only(&text, format)
                    .map_err(|message| TestCaseError::fail(format!("{message}\n{text}")))?;
                prop_assert_eq!(findings.len(), 0, "{:?}\n{}", findings, text);
                prop_assert_eq!(&again, &layout, "{}", text);
                prop_assert_eq!(write(&again, format, &WriteOptions::default()), text);
            }
        }

        /// The composed tree has the same values as the model, and as the tree of another
        /// reader.
        #[test]
        fn the_composed_tree_has_the_same_values(layout in any_layout()) {
            let value = layout.encode();
            let text = write(&layout, Format::Yaml, &WriteOptions::default());
            let yaml = Format::Yaml.compose(&text)
                .map_err(|error| TestCaseError::fail(format!("{error:?}\n{text}")))?;
            prop_assert_eq!(yaml.to_value(), value.clone(), "{}", text);
            let another: Value = serde_saphyr::from_str(&text)
                .map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(another, value.clone(), "{}", text);
            let text = write(&layout, Format::Json, &WriteOptions::default());
            let json = Format::Json.compose(&text)
                .map_err(|error| TestCaseError::fail(format!("{error:?}\n{text}")))?;
            prop_assert_eq!(json.to_value(), value, "{}", text);
        }
    }
}
