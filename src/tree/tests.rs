//! The tree's operations on drawn trees, and as properties of random ones.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::shares::even;
use super::*;

type Tree = Node<char, f64>;

fn leaf(name: char) -> Tree {
    Node::leaf(1.0, name)
}

fn container(layout: ContainerLayout, mut nodes: Vec<Tree>) -> Tree {
    let share = even(nodes.len());
    for node in &mut nodes {
        node.share = share;
    }
    Node::container(1.0, Container::new(layout, nodes))
}

fn h(nodes: impl Into<Vec<Tree>>) -> Tree {
    container(ContainerLayout::SplitH, nodes.into())
}

fn v(nodes: impl Into<Vec<Tree>>) -> Tree {
    container(ContainerLayout::SplitV, nodes.into())
}

fn tabs(nodes: impl Into<Vec<Tree>>) -> Tree {
    container(ContainerLayout::Tabbed, nodes.into())
}

/// The tree as one line.
fn drawn(node: &Tree) -> String {
    match &node.kind {
        Kind::Leaf(name) => name.to_string(),
        Kind::Container(container) => {
            let children: Vec<String> = container.nodes.iter().map(drawn).collect();
            format!("{}[{}]", container.layout.as_str(), children.join(" "))
        }
    }
}

#[test]
fn redundant_containers_dissolve() {
    use ContainerLayout::{SplitH, SplitV, Tabbed};
    let [a, b] = [leaf('a'), leaf('b')];
    for (parent, tree, simplified) in [
        // The next window opens below `a`.
        (Some(SplitH), v([a.clone()]), "splitv[a]"),
        (Some(SplitH), h([a.clone()]), "a"),
        (Some(SplitV), v([a.clone()]), "a"),
        (Some(SplitH), h([h([h([a.clone()])])]), "a"),
        (Some(SplitH), v([v([a.clone()])]), "splitv[a]"),
        (Some(SplitH), v([v([a.clone(), b.clone()])]), "splitv[a b]"),
        (
            Some(SplitH),
            v([h([a.clone(), b.clone()])]),
            "splitv[splith[a b]]",
        ),
        (Some(SplitH), h([v([a.clone()])]), "splitv[a]"),
        // It has its own title.
        (Some(Tabbed), h([a.clone()]), "splith[a]"),
        (Some(SplitH), tabs([a.clone()]), "tabbed[a]"),
        // A window that opens in it floats, too.
        (None, h([a.clone()]), "splith[a]"),
        (None, h([tabs([a.clone(), b.clone()])]), "tabbed[a b]"),
        (None, h([v([a.clone()])]), "splitv[a]"),
        (None, h([v([tabs([a.clone(), b.clone()])])]), "tabbed[a b]"),
        (Some(SplitH), h([a.clone(), b.clone()]), "splith[a b]"),
    ] {
        assert_eq!(
            drawn(&tree.clone().simplified(parent)),
            simplified,
            "{tree:?}"
        );
    }
}

#[test]
fn containers_with_visible_attributes_stay() {
    let parent = Some(ContainerLayout::SplitH);
    let with = |attributes: Attributes| Node {
        attributes,
        ..h([leaf('a')])
    };
    for attributes in [
        Attributes {
            marks: vec!["m".to_owned()],
            ..Attributes::default()
        },
        Attributes {
            title_format: Some("t".to_owned()),
            ..Attributes::default()
        },
        Attributes {
            fullscreen: Fullscreen::Output,
            ..Attributes::default()
        },
    ] {
        assert_eq!(drawn(&with(attributes).simplified(parent)), "splith[a]");
    }
    let sticky = Attributes {
        sticky: true,
        ..Attributes::default()
    };
    let only = with(sticky).simplified(parent);
    assert!(only.as_leaf().is_some() && only.attributes.sticky);
}

#[test]
fn remaining_children_share_the_space() {
    let mut tree = h([leaf('a'), v([leaf('b'), leaf('c')]), leaf('d')]);
    if let Kind::Container(container) = &mut tree.kind {
        for (node, share) in container.nodes.iter_mut().zip([0.5, 0.3, 0.2]) {
            node.share = share;
        }
        container.focus = vec![2, 1, 0];
    }
    let left = tree.retain(None, &|name| "bcd".contains(*name)).unwrap();
    assert_eq!(drawn(&left), "splith[splitv[b c] d]");
    let shares: Vec<f64> = left.nodes().iter().map(|node| node.share).collect();
    assert_eq!(shares, [0.6, 0.4]);
    assert_eq!(left.as_container().unwrap().focus, [1, 0]);
    assert_eq!(left.clone().retain(None, &|_| false), None);
    // A container that lost nothing is unchanged, redundant or not.
    let tree = h([h([leaf('a')]), leaf('b'), leaf('c')]);
    let left = tree.retain(None, &|name| *name != 'b').unwrap();
    assert_eq!(drawn(&left), "splith[splith[a] c]");
}

#[test]
fn content_keeps_the_order_of_tiling_and_floating_children() {
    let floating = |name| Floating {
        node: leaf(name),
        rect: None,
        scratchpad: false,
    };
    let content = Content {
        nodes: vec![leaf('a'), leaf('b')],
        floating: vec![floating('x'), floating('y')],
        focus: vec![3, 0, 2, 1],
        ..Content::default()
    };
    assert_eq!(content.leaves().collect::<String>(), "abxy");
    let left = content.retain(&|name| "bxy".contains(*name));
    assert_eq!(left.leaves().collect::<String>(), "bxy");
    assert_eq!(left.focus, [2, 1, 0]);
}

#[test]
fn ids_become_positions() {
    assert_eq!(order_of_ids(&['a', 'b', 'c'], &['c', 'x', 'a']), [2, 0, 1]);
    assert_eq!(order_of_ids(&['a', 'b'], &[]), [0, 1]);
}

fn any_tree() -> impl Strategy<Value = Tree> {
    let layout = prop::sample::select(vec![
        ContainerLayout::SplitH,
        ContainerLayout::SplitV,
        ContainerLayout::Stacked,
        ContainerLayout::Tabbed,
    ]);
    let names = prop::sample::select(('a'..='z').collect::<Vec<_>>());
    names.prop_map(leaf).prop_recursive(4, 16, 4, move |inner| {
        (layout.clone(), prop::collection::vec(inner, 1..4)).prop_flat_map(|(layout, nodes)| {
            let order = Just((0..nodes.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just(container(layout, nodes)), order).prop_map(|(mut tree, focus)| {
                if let Kind::Container(container) = &mut tree.kind {
                    container.focus = focus;
                }
                tree
            })
        })
    })
}

/// The promises of every tree: no container is empty, focus orders name each child once,
/// shares of siblings sum to one.
fn check(tree: &Tree) -> Result<(), TestCaseError> {
    for node in tree.descendants() {
        if let Some(container) = node.as_container() {
            let mut focus = container.focus.clone();
            focus.sort_unstable();
            prop_assert!(!container.nodes.is_empty());
            prop_assert_eq!(focus, (0..container.nodes.len()).collect::<Vec<_>>());
            let sum: f64 = container.nodes.iter().map(|node| node.share).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9, "{}", sum);
        }
    }
    Ok(())
}

/// The leaf to which the focus orders lead.
fn focused(tree: &Tree) -> char {
    match &tree.kind {
        Kind::Leaf(name) => *name,
        Kind::Container(container) => focused(&container.nodes[container.focus[0]]),
    }
}

proptest! {
    #[test]
    fn dropping_leaves_keeps_the_others_in_order(tree in any_tree(), kept in any::<u32>()) {
        let keep = |name: &char| kept & (1 << (u32::from(*name) - u32::from('a'))) != 0;
        let names: Vec<char> = tree.leaves().copied().filter(keep).collect();
        let left = tree.clone().retain(None, &keep);
        prop_assert_eq!(left.is_none(), names.is_empty());
        if let Some(left) = left {
            check(&left)?;
            prop_assert_eq!(left.leaves().copied().collect::<Vec<_>>(), names);
            if keep(&focused(&tree)) {
                prop_assert_eq!(focused(&left), focused(&tree));
            }
            let all: BTreeSet<char> = left.leaves().copied().collect();
            prop_assert_eq!(left.clone().retain(None, &|name| all.contains(name)), Some(left));
        }
    }

    #[test]
    fn simplifying_keeps_the_leaves_and_is_idempotent(tree in any_tree()) {
        let simplified = tree.clone().simplified(None);
        check(&simplified)?;
        prop_assert!(simplified.leaves().eq(tree.leaves()));
        prop_assert_eq!(focused(&simplified), focused(&tree));
        prop_assert_eq!(simplified.clone().simplified(None), simplified);
    }

    #[test]
    fn mapping_leaves_everything_else(tree in any_tree()) {
        let mapped = tree.clone().map(&mut |name, _| name.to_ascii_uppercase());
        let back = mapped.map(&mut |name, _| name.to_ascii_lowercase());
        prop_assert_eq!(back, tree);
    }
}
