//! Streams: what is recorded of the changes of items, and as what a reader sees it (behaviour rules 98 to 100, 102).

use crate::json::Json;
use crate::value::{Item, Side, item_json};

/// `StreamViewType`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum View {
    KeysOnly,
    NewImage,
    OldImage,
    NewAndOldImages,
}

impl View {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::KeysOnly => "KEYS_ONLY",
            Self::NewImage => "NEW_IMAGE",
            Self::OldImage => "OLD_IMAGE",
            Self::NewAndOldImages => "NEW_AND_OLD_IMAGES",
        }
    }

    /// As `StreamSpecification`.
    pub fn specification(self) -> Json {
        Json::object([("StreamEnabled", Json::Bool(true)), ("StreamViewType", Json::text(self.name()))])
    }
}

/// What happened to an item: its key, the item before and after.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Change {
    pub key: Item,
    pub old: Option<Item>,
    pub new: Option<Item>,
    /// When, in milliseconds.
    pub at: usize,
    /// Whether the service did it: the item had expired (rule 98).
    pub by_service: bool,
}

/// A stream: from when it was enabled until it was disabled.
#[derive(Clone, Debug)]
pub struct Stream {
    /// What its records show.
    pub view: View,
    /// Whether it is enabled still.
    pub enabled: bool,
    /// Whether it was enabled with the table, so that nothing has happened before it.
    pub whole: bool,
    /// What it has recorded.
    pub changes: Vec<Change>,
}

impl Change {
    /// As the players compare it.
    fn json(&self, view: View) -> Json {
        let shown = |item: &Item| item_json(item, Side::Reply);
        let event = match (&self.old, &self.new) {
            (None, _) => "INSERT",
            (_, None) => "REMOVE",
            _ => "MODIFY",
        };
        let mut json = Json::object([("event", Json::text(event)), ("keys", shown(&self.key))]);
        let (shows_new, shows_old) = match view {
            View::KeysOnly => (false, false),
            View::NewImage => (true, false),
            View::OldImage => (false, true),
            View::NewAndOldImages => (true, true),
        };
        for (shows, name, image) in [(shows_new, "new", &self.new), (shows_old, "old", &self.old)] {
            if let (true, Some(item)) = (shows, image) {
                json.set(name, shown(item));
            }
        }
        // When the service finds an expired item is its own affair.
        if self.by_service {
            json.set("service", Json::Bool(true));
        } else {
            json.set("at", Json::integer(self.at / 1000));
        }
        json
    }
}

impl Stream {
    /// Enabled, with nothing recorded.
    pub fn new(view: View, whole: bool) -> Self {
        Self {
            view,
            enabled: true,
            whole,
            changes: Vec::new(),
        }
    }

    /// As the players compare it. `rebuilds`: replaying it from an empty table must give the table.
    pub fn json(&self) -> Json {
        let changes = self.changes.iter().map(|change| change.json(self.view));
        Json::object([
            ("view", Json::text(self.view.name())),
            ("enabled", Json::Bool(self.enabled)),
            (
                "rebuilds",
                Json::Bool(self.whole && self.enabled && self.view == View::NewAndOldImages),
            ),
            ("records", Json::Array(changes.collect())),
        ])
    }
}
