//! What the change of one item changes: its row, its entries in the indexes, its stream record.

use super::Context;
use crate::model::{AttributeValue, Item, encode_key};
use crate::schema::{IndexDefinition, Known, StreamViewType, TableDefinition};
use crate::storage_backend::{EntryKey, EntryPut, EntryWrite, ItemPut, ItemWrite, StreamAppend};

/// The shard of every stream: the engine has one writer.
pub const SHARD_ID: &str = "shardId-00000000000000000000-00000001";

/// A key's values as storage keeps them: one order-preserving text, empty for no values.
pub fn key_text(values: &[&AttributeValue]) -> String {
    encode_key(values).unwrap_or_default()
}

/// An item before or after its change, with what storage must know of it.
pub struct Image<'i> {
    /// The item.
    pub item: &'i Item,
    /// Its canonical JSON.
    pub json: &'i str,
    /// Its size by rule 13.
    pub size: usize,
}

/// An item's entry in an index.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pk: String,
    sk: String,
    json: String,
    /// The projected item's size, by which capacity is counted (rule 67).
    pub size: usize,
}

impl Entry {
    /// The item's entry, if it has one: an item that was there before its index may have attributes that cannot be its key.
    pub fn of(table: &TableDefinition, index: &IndexDefinition, image: &Image<'_>) -> Option<Self> {
        let key = index.entry_key(image.item).ok()??;
        let (pk, sk) = (key_text(&key.hash), key_text(&key.range));
        if index.projection == crate::schema::Projection::All {
            return Some(Self {
                pk,
                sk,
                json: image.json.to_owned(),
                size: image.size,
            });
        }
        let projected = index.projected(&table.key_schema, image.item);
        Some(Self {
            pk,
            sk,
            json: canonical_text(&projected),
            size: projected.size(),
        })
    }

    /// Where the entry of the item of that key lies: keys of the index, then of the table.
    pub fn place<'e>(&'e self, base: [&'e str; 2]) -> [&'e str; 4] {
        [&self.pk, &self.sk, base[0], base[1]]
    }

    /// Bytes of its texts.
    pub fn bytes(&self) -> usize {
        self.json.len() + self.pk.len() + self.sk.len()
    }

    fn put(&self) -> EntryPut<'_> {
        EntryPut {
            key: self.key(),
            json: &self.json,
            size: self.size,
        }
    }

    fn key(&self) -> EntryKey<'_> {
        EntryKey {
            pk: &self.pk,
            sk: &self.sk,
        }
    }
}

/// An item's canonical JSON as text.
pub fn canonical_text(item: &Item) -> String {
    String::from_utf8(item.to_json()).unwrap_or_default()
}

/// How the entry of one index changes; an entry that stays as it is has no change.
#[derive(Debug)]
pub struct EntryChange<'t> {
    /// The index.
    pub index: &'t IndexDefinition,
    /// The entry before.
    pub old: Option<Entry>,
    /// The entry after.
    pub new: Option<Entry>,
}

impl EntryChange<'_> {
    /// Whether the entry moves to another key.
    pub fn moves(&self) -> bool {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => (&old.pk, &old.sk) != (&new.pk, &new.sk),
            _ => false,
        }
    }
}

impl<B> Context<'_, B> {
    /// The changes of all index entries of the item with that key, global indexes first; of one that is being filled the entries that are in
    /// it. Whoever fills it hears of the change.
    pub fn entry_changes<'t>(
        &self,
        table: &'t TableDefinition,
        key: [&str; 2],
        old: Option<&Image<'_>>,
        new: Option<&Image<'_>>,
    ) -> Vec<EntryChange<'t>> {
        self.filling.note(table, key);
        let mut changes = Vec::new();
        for index in table.indexes() {
            let known = index.known(key);
            if known == Known::Nothing {
                continue;
            }
            let entry = |image: Option<&Image<'_>>| {
                let entry = Entry::of(table, index, image?)?;
                known.has(entry.place(key)).then_some(entry)
            };
            let (old, new) = (entry(old), entry(new));
            if old != new {
                changes.push(EntryChange { index, old, new });
            }
        }
        changes
    }
}

/// The stream record of a change, as the table's view type shows it; none for a change that changes nothing (rule 99).
pub struct StreamChange<'i> {
    user_identity: Option<&'static str>,
    event_name: &'static str,
    keys_json: String,
    new_image: Option<&'i str>,
    old_image: Option<&'i str>,
    created_at: i64,
}

impl<'i> StreamChange<'i> {
    /// The record of a change, for a table with a stream.
    pub fn of(table: &TableDefinition, old: Option<&Image<'i>>, new: Option<&Image<'i>>, now: i64) -> Option<Self> {
        let view = table.stream.as_ref()?.view;
        let event_name = match (old, new) {
            (None, Some(_)) => "INSERT",
            (Some(old), Some(new)) if old.json != new.json => "MODIFY",
            (Some(_), None) => "REMOVE",
            _ => return None,
        };
        let key = table.key_schema.key_item(new.or(old)?.item);
        let (shows_new, shows_old) = match view {
            StreamViewType::KeysOnly => (false, false),
            StreamViewType::NewImage => (true, false),
            StreamViewType::OldImage => (false, true),
            StreamViewType::NewAndOldImages => (true, true),
        };
        Some(Self {
            user_identity: None,
            event_name,
            keys_json: canonical_text(&key),
            new_image: new.filter(|_| shows_new).map(|image| image.json),
            old_image: old.filter(|_| shows_old).map(|image| image.json),
            created_at: now,
        })
    }

    /// The same, made by the service itself.
    pub fn made_by(mut self, identity: &'static str) -> Self {
        self.user_identity = Some(identity);
        self
    }

    fn append(&self) -> StreamAppend<'_> {
        StreamAppend {
            event_name: self.event_name,
            keys_json: &self.keys_json,
            new_image: self.new_image,
            old_image: self.old_image,
            shard_id: SHARD_ID,
            created_at: self.created_at,
            user_identity: self.user_identity,
        }
    }
}

/// The storage write of a change.
pub fn item_write<'w>(
    table: &'w TableDefinition,
    key: [&'w str; 2],
    old_size: Option<usize>,
    new: Option<&Image<'w>>,
    changes: &'w [EntryChange<'_>],
    stream: Option<&'w StreamChange<'_>>,
) -> ItemWrite<'w> {
    let index_writes = changes.iter().map(|change| EntryWrite {
        index_name: &change.index.name,
        delete: match (&change.old, &change.new) {
            (Some(old), None) => Some(old.key()),
            (Some(old), Some(_)) if change.moves() => Some(old.key()),
            _ => None,
        },
        put: change.new.as_ref().map(Entry::put),
        old_size: change.old.as_ref().map(|entry| entry.size),
    });
    let expires_at = |image: &Image<'_>| {
        let ttl = table.ttl.as_ref()?;
        crate::storage_backend::expiry::expiry_of(image.item, &ttl.attribute)
    };
    ItemWrite {
        table_name: &table.name,
        pk: key[0],
        sk: key[1],
        put: new.map(|image| ItemPut {
            json: image.json,
            size: image.size,
            expires_at: expires_at(image),
        }),
        old_size,
        index_writes: index_writes.collect(),
        stream: stream.map(StreamChange::append),
    }
}

/// The storage write of an entry that an index did not have of an item that does not change.
pub fn entry_put<'w>(table: &'w TableDefinition, index: &'w IndexDefinition, base: [&'w str; 2], entry: &'w Entry) -> ItemWrite<'w> {
    ItemWrite {
        table_name: &table.name,
        pk: base[0],
        sk: base[1],
        put: None,
        old_size: None,
        index_writes: vec![EntryWrite {
            index_name: &index.name,
            delete: None,
            put: Some(entry.put()),
            old_size: None,
        }],
        stream: None,
    }
}
