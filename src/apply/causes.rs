//! The lines of the i3 config that can cause a difference. Pure.

use crate::compile::{Plan, Slot, SlotIdx};
use crate::diff::{Difference, Kind, Location};
use crate::geometry::Rect;
use crate::layout::criteria;
use crate::live::{Properties, workspace_number};
use crate::wm::{Effect, SizeLimit, WindowConfig, WindowRule};

/// More than any border and title bar adds to the size of a window, in pixels.
const BORDER: u32 = 50;

/// i3's default for the smallest floating window.
const DEFAULT_MINIMUM: &str = "floating_minimum_size 75 x 50";

/// The maximum number of rules to name.
const NAMED_RULES: usize = 3;

/// The lines of the config that can cause a difference of a window with these properties, most
/// likely first. If the limits for sizes explain it, no rule is named.
pub(super) fn causes(
    config: &WindowConfig,
    difference: &Difference,
    properties: &Properties,
) -> Vec<String> {
    if let Kind::Rect { before, after } = &difference.kind
        && let (Ok(before), Ok(after)) = (before.parse(), after.parse())
    {
        let limits = limits(config, before, after);
        if !limits.is_empty() {
            return limits;
        }
    }
    let can_cause = |rule: &&WindowRule| {
        let mut effects = rule.effects.iter();
        effects.any(|effect| can_cause(effect, &difference.kind))
    };
    let guilty: Vec<&WindowRule> = config
        .rules
        .iter()
        .filter(|rule| rule.may_match(properties))
        .filter(can_cause)
        .collect();
    // The title may have changed, but a rule that matches now is more likely.
    let certain = guilty.iter().filter(|rule| rule.matches(properties));
    let certain: Vec<&&WindowRule> = certain.collect();
    let named = if certain.is_empty() {
        guilty.iter().collect()
    } else {
        certain
    };
    let mut lines: Vec<String> = named.iter().map(|rule| rule.line.clone()).collect();
    lines.truncate(NAMED_RULES);
    lines
}

/// The limits that explain the size of a floating window.
fn limits(config: &WindowConfig, before: Rect, after: Rect) -> Vec<String> {
    let sizes = |limit: &SizeLimit| {
        [
            (limit.width, before.width, after.width),
            (limit.height, before.height, after.height),
        ]
    };
    let limits = &config.limits;
    let is_too_large = |(limit, before, after): (Option<u32>, u32, u32)| {
        limit.is_some_and(|limit| before > limit) && after < before
    };
    // A border adds some pixels to the limit.
    let is_too_small = |(limit, before, after): (Option<u32>, u32, u32)| {
        limit.is_some_and(|limit| before < after && after >= limit && after - limit < BORDER)
    };
    let mut lines = Vec::new();
    if sizes(&limits.maximum).into_iter().any(is_too_large) {
        lines.extend(limits.maximum.line.clone());
    }
    if sizes(&limits.minimum).into_iter().any(is_too_small) {
        let line = limits.minimum.line.clone();
        lines.push(line.unwrap_or_else(|| DEFAULT_MINIMUM.to_owned()));
    }
    lines
}

/// True if a rule with this effect can cause the difference.
fn can_cause(effect: &Effect, kind: &Kind) -> bool {
    if *effect == Effect::Anything {
        return true;
    }
    match kind {
        Kind::Moved { before, after } => match effect {
            Effect::Workspace(Some(name)) => {
                let present = workspace(after);
                present != workspace(before)
                    && present.is_some_and(|present| is_workspace(name, present))
            }
            Effect::Workspace(None) | Effect::Output => workspace(before) != workspace(after),
            Effect::Scratchpad => matches!(after, Location::Scratchpad | Location::Shown(_)),
            Effect::Floating(how) => {
                let floats = is_floating(after);
                is_floating(before) != floats && how.is_none_or(|how| how == floats)
            }
            _ => false,
        },
        Kind::Arranged { .. } | Kind::Layout { .. } => {
            matches!(
                effect,
                Effect::Containers | Effect::Position | Effect::Floating(_)
            )
        }
        Kind::Resized { .. } => matches!(effect, Effect::Size | Effect::Containers),
        Kind::Rect { before, after } => {
            let rects = before.parse::<Rect>().ok().zip(after.parse::<Rect>().ok());
            match (effect, rects) {
                (Effect::Size, Some((before, after))) => {
                    (before.width, before.height) != (after.width, after.height)
                }
                (Effect::Position, Some((before, after))) => {
                    (before.x, before.y) != (after.x, after.y)
                }
                (Effect::Size | Effect::Position, None) => true,
                _ => false,
            }
        }
        Kind::Property(change) => {
            let key = change.before.key();
            matches!(effect, Effect::Attribute(name) if *name == key)
        }
        _ => false,
    }
}

/// The rules that will change a window of this slot once it has the title that `capture` saw.
pub(super) fn later_rules<'c>(
    config: &'c WindowConfig,
    plan: &Plan,
    idx: SlotIdx,
    properties: &Properties,
) -> Vec<&'c WindowRule> {
    let slot = plan.slot(idx);
    let Some(title) = &slot.seen.title else {
        return Vec::new();
    };
    let later = Properties {
        title: Some(title.clone()),
        ..properties.clone()
    };
    let floats = floats(plan, idx);
    let rules = config.rules.iter().filter(|rule| rule.is_lasting);
    let rules = rules.filter(|rule| rule.matches(&later) && !rule.matches(properties));
    rules
        .filter(|rule| {
            let mut effects = rule.effects.iter();
            effects.any(|effect| disturbs(effect, slot, floats))
        })
        .collect()
}

/// The rules that move windows of slots away when they open, or make them floating or tiling, with
/// these slots. The windows are known only by criteria that match a single string.
pub fn conflicts<'c>(config: &'c WindowConfig, plan: &Plan) -> Vec<(&'c WindowRule, Vec<SlotIdx>)> {
    let moves =
        |effect: &&Effect| !matches!(effect, Effect::Position | Effect::Size | Effect::Anything);
    let slots: Vec<(SlotIdx, Properties)> = plan
        .slots()
        .map(|(idx, slot)| (idx, expected(slot)))
        .collect();
    let rules = config.rules.iter().filter_map(|rule| {
        let disturbed = slots.iter().filter(|(idx, properties)| {
            let slot = plan.slot(*idx);
            let mut effects = rule.effects.iter().filter(moves);
            rule.is_for(properties) && effects.any(|one| disturbs(one, slot, floats(plan, *idx)))
        });
        let disturbed: Vec<SlotIdx> = disturbed.map(|(idx, _)| *idx).collect();
        (!disturbed.is_empty()).then_some((rule, disturbed))
    });
    rules.collect()
}

/// The properties that the window of a slot will have, as far as they are known.
fn expected(slot: &Slot) -> Properties {
    let literal = |pattern: &Option<String>| criteria::literal(pattern.as_deref()?);
    Properties {
        class: literal(&slot.swallow.class),
        instance: literal(&slot.swallow.instance),
        window_role: literal(&slot.swallow.window_role),
        title: literal(&slot.swallow.title).or_else(|| slot.seen.title.clone()),
        ..Properties::default()
    }
}

/// True if the effect moves or resizes a window that is in its slot.
fn disturbs(effect: &Effect, slot: &Slot, floats: bool) -> bool {
    match effect {
        Effect::Workspace(Some(name)) => {
            let own = slot.workspace.as_deref();
            !own.is_some_and(|own| is_workspace(name, own))
        }
        Effect::Workspace(None)
        | Effect::Output
        | Effect::Containers
        | Effect::Position
        | Effect::Size
        | Effect::Anything => true,
        Effect::Scratchpad => slot.workspace.is_some(),
        Effect::Floating(how) => *how != Some(floats),
        // Attributes are set by the run, and titles do not change them often.
        Effect::Attribute(_) => false,
    }
}

fn floats(plan: &Plan, idx: SlotIdx) -> bool {
    let workspaces = plan.workspaces.iter();
    let floating = workspaces.flat_map(|workspace| &workspace.content.floating);
    let mut floating = floating.chain(&plan.scratchpad);
    floating.any(|floating| floating.node.leaves().any(|leaf| *leaf == idx))
}

/// True if a command with this workspace leads to the workspace with this name.
fn is_workspace(command: &str, name: &str) -> bool {
    let number = command.parse().ok();
    command.eq_ignore_ascii_case(name) || number.is_some() && number == workspace_number(name)
}

fn workspace(location: &Location) -> Option<&str> {
    match location {
        Location::Tiling(name) | Location::Floating(name) | Location::Shown(name) => Some(name),
        Location::Scratchpad => None,
    }
}

const fn is_floating(location: &Location) -> bool {
    !matches!(location, Location::Tiling(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Attribute, Border};
    use crate::wm::window_config_of;

    const CONFIG: &str = r#"
        floating_minimum_size 100 x -1
        floating_maximum_size 400 x 300
        for_window [class="^F$"] resize set 300 200
        for_window [class="^F$"] move position 5 5
        for_window [class="^F$"] border none
        for_window [class="^F$" title="^old$"] move workspace number 10
        for_window [class="^F$" title="^now$"] move workspace 4
        for_window [title="^later$"] floating enable, move workspace 10
        for_window [class="^Other$"] move workspace 10
        assign [class="^F$"] 2: mail
    "#;

    fn named(kind: Kind) -> String {
        let properties = Properties {
            class: Some("F".to_owned()),
            title: Some("now".to_owned()),
            ..Properties::default()
        };
        let difference = Difference {
            workspace: Some("1".to_owned()),
            slot: Some("a".to_owned()),
            idx: Some(SlotIdx(0)),
            con: None,
            kind,
        };
        causes(&window_config_of(CONFIG), &difference, &properties).join("; ")
    }

    #[test]
    fn rects_are_caused_by_limits_sizes_and_positions() {
        for (before, after, expected) in [
            (
                "800x600+9+9",
                "404x304+9+9",
                "floating_maximum_size 400 x 300",
            ),
            (
                "50x200+9+9",
                "104x200+9+9",
                "floating_minimum_size 100 x -1",
            ),
            (
                "390x290+9+9",
                "300x200+9+9",
                r#"for_window [class="^F$"] resize set 300 200"#,
            ),
            (
                "390x290+9+9",
                "390x290+5+5",
                r#"for_window [class="^F$"] move position 5 5"#,
            ),
        ] {
            let (before, after) = (before.to_owned(), after.to_owned());
            assert_eq!(named(Kind::Rect { before, after }), expected);
        }
    }

    #[test]
    fn places_are_caused_by_rules_that_lead_there() {
        let tiling = |name: &str| Location::Tiling(name.to_owned());
        for (after, expected) in [
            (tiling("2: mail"), r#"assign [class="^F$"] 2: mail"#),
            (
                tiling("4"),
                r#"for_window [class="^F$" title="^now$"] move workspace 4"#,
            ),
            (
                tiling("10: web"),
                r#"for_window [class="^F$" title="^old$"] move workspace number 10"#,
            ),
            (tiling("3"), ""),
            (Location::Floating("1".to_owned()), ""),
        ] {
            let before = tiling("1");
            assert_eq!(named(Kind::Moved { before, after }), expected);
        }
    }

    #[test]
    fn attributes_are_caused_by_rules_that_set_them() {
        let change = crate::diff::PropertyChange {
            before: Attribute::Border(Some(Border::Normal(2))),
            after: Attribute::Border(Some(Border::None)),
        };
        let expected = r#"for_window [class="^F$"] border none"#;
        assert_eq!(named(Kind::Property(change)), expected);
    }
}
