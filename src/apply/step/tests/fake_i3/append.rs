//! `append_layout` of the fake i3.

use serde_json::Value;

use super::{FakeI3, detached, window_of};
use crate::live::build::splith;
use crate::live::{Con, ConId, ConKind};
use crate::tree::ContainerLayout;

impl FakeI3 {
    /// The container of i3's layout JSON.
    pub(super) fn parse(&mut self, json: &Value) -> Con {
        let (mut con, _) = detached(splith([]));
        con.id = self.next_id();
        con.kind = match json["type"].as_str() {
            Some("workspace") => ConKind::Workspace,
            Some("floating_con") => ConKind::FloatingCon,
            _ => ConKind::Con,
        };
        con.layout = match json["layout"].as_str() {
            Some("splitv") => ContainerLayout::SplitV,
            Some("tabbed") => ContainerLayout::Tabbed,
            Some("stacked") => ContainerLayout::Stacked,
            _ => ContainerLayout::SplitH,
        };
        con.name = json["name"].as_str().map(str::to_owned);
        con.percent = json["percent"].as_f64();
        let marks = json["marks"].as_array().into_iter().flatten();
        con.attributes.marks = marks
            .filter_map(|mark| Some(mark.as_str()?.to_owned()))
            .collect();
        con.attributes.title_format = json["title_format"].as_str().map(str::to_owned);
        con.rect = serde_json::from_value(json["rect"].clone()).unwrap_or_default();
        con.gaps = (con.kind == ConKind::Workspace).then(Default::default);
        con.swallows = json["swallows"].is_array();
        // i3 draws the placeholders that have criteria.
        con.window = con.swallows.then(|| window_of(con.id));
        let mut children = |key: &str| -> Vec<Con> {
            let children = json[key].as_array().into_iter().flatten();
            children.map(|child| self.parse(child)).collect()
        };
        con.nodes = children("nodes");
        con.floating_nodes = children("floating_nodes");
        if con.kind == ConKind::FloatingCon {
            con.nodes.iter_mut().for_each(|inner| inner.floating = true);
        }
        let ids = json["nodes"].as_array().into_iter();
        let ids = ids.chain(json["floating_nodes"].as_array()).flatten();
        let ids: Vec<&Value> = ids.map(|child| &child["id"]).collect();
        let children: Vec<ConId> = con.children().map(|child| child.id).collect();
        let focus = json["focus"].as_array().into_iter().flatten();
        let position = |id: &Value| ids.iter().position(|one| *one == id);
        con.focus = focus
            .filter_map(|id| Some(children[position(id)?]))
            .collect();
        let rest = children.into_iter().filter(|id| !con.focus.contains(id));
        let rest: Vec<ConId> = rest.collect();
        con.focus.extend(rest);
        con
    }
}
