//! What Query and Scan share: where the items come from, and a page of them as a reply.

use super::get_item::stored_text;
use super::item_change::key_text;
use super::single_write::read_stored;
use super::{capacity, storage_error};
use crate::api::error::ApiError;
use crate::api::request::{ReturnConsumedCapacity, Select};
use crate::api::response::{CapacityUnits, ConsumedCapacity};
use crate::expression::{Condition, Projection};
use crate::model::{AttributeSelection, Item};
use crate::schema::json_text::ObjectWriter;
use crate::schema::{IndexDefinition, KeyFault, KeySchema, TableDefinition};
use crate::storage::StartAfter;
use crate::storage_backend::{BackendError, RowPage, Source};

/// Most bytes of items that one page looks at (rule 51).
pub const PAGE_BYTES: u32 = 1 << 20;

/// A request's limit as storage takes it.
pub fn most_rows(limit: Option<usize>) -> u32 {
    limit.map_or(0, |limit| u32::try_from(limit).unwrap_or(u32::MAX))
}

/// Where the items of a page come from: a table, or an index of it.
pub struct Origin<'t> {
    /// The table.
    pub table: &'t TableDefinition,
    /// The index that is read.
    pub index: Option<&'t IndexDefinition>,
    /// The keys of the table or the index.
    pub key_schema: &'t KeySchema,
    /// Whether the items come from the table though an index is read (rule 61).
    joined: bool,
}

impl<'t> Origin<'t> {
    /// The table, or that index of it.
    pub fn new(table: &'t TableDefinition, index_name: Option<&str>, consistent_read: bool) -> Result<Self, ApiError> {
        let unknown = |name: &str| ApiError::validation(format!("The table does not have the specified index: {name}"));
        let index = index_name.map(|name| table.index(name).ok_or_else(|| unknown(name))).transpose()?;
        if let Some(filling) = index.filter(|index| index.backfilling.is_some()) {
            return Err(ApiError::validation(format!(
                "Cannot read from backfilling global secondary index: {}",
                filling.name
            )));
        }
        if consistent_read && index.is_some_and(IndexDefinition::is_global) {
            // rule 57
            return Err(ApiError::validation(
                "Consistent reads are not supported on global secondary indexes",
            ));
        }
        Ok(Self {
            table,
            index,
            key_schema: index.map_or(&table.key_schema, |index| &index.key_schema),
            joined: false,
        })
    }

    /// Takes the items from the table where the request wants what the index does not hold: a local index fetches that, a global one
    /// refuses (rules 60, 61).
    pub fn fetch_unprojected(&mut self, select: Option<Select>, projection: Option<&Projection>) -> Result<(), ApiError> {
        const INVALID: &str = "One or more parameter values were invalid:";
        let Some(index) = self.index.filter(|index| index.projection != crate::schema::Projection::All) else {
            return Ok(());
        };
        let refusal = if select == Some(Select::AllAttributes) {
            format!(
                "{INVALID} Select type ALL_ATTRIBUTES is not supported for global secondary index {} because its projection type is not ALL",
                index.name
            )
        } else {
            let wanted = projection.into_iter().flat_map(Projection::attributes);
            let missing: Vec<&str> = wanted.filter(|name| !index.projects(&self.table.key_schema, name)).collect();
            if missing.is_empty() {
                return Ok(());
            }
            let missing = missing.join(", ");
            format!("{INVALID} Global secondary index {} does not project [{missing}]", index.name)
        };
        if index.is_global() {
            return Err(ApiError::validation(refusal));
        }
        self.joined = true;
        Ok(())
    }

    /// What storage reads.
    pub fn source(&self) -> Source<'t> {
        match self.index {
            None => Source::Base,
            Some(index) if self.joined => Source::IndexJoined(&index.name),
            Some(index) => Source::Index(&index.name),
        }
    }

    /// The key of an item, as `LastEvaluatedKey` (rule 53).
    fn last_key(&self, item: &Item) -> Item {
        let attributes = match self.index {
            None => self.table.key_schema.attributes().collect(),
            Some(index) => index.start_key_attributes(&self.table.key_schema),
        };
        attributes
            .iter()
            .filter_map(|attribute| Some((attribute.name.clone(), item.get(&attribute.name)?.clone())))
            .collect()
    }

    /// Where a page goes on, for an `ExclusiveStartKey` that fits.
    pub fn start(&self, key: &Item) -> Option<Start> {
        let texts = |schema: &KeySchema| schema.values_in(key).map(|key| (key_text(&key.hash), key_text(&key.range)));
        let (pk, sk) = texts(self.key_schema)?;
        let base = match self.index {
            None => (String::new(), String::new()),
            Some(_) => texts(&self.table.key_schema)?,
        };
        Some(Start { pk, sk, base })
    }

    /// Whether the values of a start key can be those of a key (rules 18, 19).
    pub fn check_start_values(&self, start: &Item) -> Result<(), ApiError> {
        let fault = |fault: KeyFault| ApiError::validation(format!("The provided starting key is invalid: {fault}"));
        let key = self.table.key_schema.key_item(start);
        self.table.key_schema.key_of_request(&key).map_err(fault)?;
        if let Some(index) = self.index {
            index.entry_key(start).map_err(fault)?;
        }
        Ok(())
    }
}

/// The row a page starts behind.
pub struct Start {
    /// Its partition key text.
    pub pk: String,
    sk: String,
    /// The key texts of the table, if an index is read.
    base: (String, String),
}

impl Start {
    /// As storage takes it.
    pub fn after(&self) -> StartAfter<'_> {
        StartAfter {
            sk: &self.sk,
            base_pk: &self.base.0,
            base_sk: &self.base.1,
        }
    }
}

/// What the reply shows of a page.
pub struct PageReply<'r> {
    /// Where the items come from.
    pub origin: &'r Origin<'r>,
    /// Which items it shows.
    pub filter: Option<&'r Condition>,
    /// What it shows of them.
    pub projection: Option<&'r Projection>,
    /// `Select`
    pub select: Option<Select>,
    /// `ConsistentRead`
    pub consistent_read: bool,
    /// `ReturnConsumedCapacity`
    pub return_consumed_capacity: ReturnConsumedCapacity,
}

/// The selected attributes of a stored item; anything unreadable is corruption.
fn read_selected<'s>(selection: &'s mut AttributeSelection, json: &[u8]) -> Result<&'s Item, ApiError> {
    let read = selection.read(json);
    read.map_err(|error| storage_error(BackendError::Corrupt(error.to_string())))
}

impl PageReply<'_> {
    /// The attributes that the filter and the projection look at; none if there is neither.
    fn looked_at(&self, projection: Option<&Projection>) -> Option<AttributeSelection> {
        if self.filter.is_none() && projection.is_none() {
            return None;
        }
        let filtered = self.filter.into_iter().flat_map(Condition::attributes);
        let shown = projection.into_iter().flat_map(Projection::attributes);
        Some(AttributeSelection::new(filtered.chain(shown)))
    }

    /// Writes the reply. Without a projection, items go from storage into it as they are; a filter looks at what it names only.
    pub fn write(&self, page: &RowPage, out: &mut Vec<u8>) -> Result<(), ApiError> {
        let origin = self.origin;
        let shows_items = self.select != Some(Select::Count);
        let projection = self.projection.filter(|_| shows_items);
        let wants_capacity = self.return_consumed_capacity != ReturnConsumedCapacity::None;
        let mut reply = ObjectWriter::begin(out);
        let (mut count, mut bytes) = (0i64, 0);
        let mut fetched = CapacityUnits::default();
        let mut last: Option<&[u8]> = None;
        let mut looked_at = self.looked_at(projection);
        {
            let mut unseen = Vec::new();
            let items = if shows_items { reply.name("Items") } else { &mut unseen };
            items.push(b'[');
            for row in page.rows() {
                let row = row.map_err(storage_error)?;
                last = Some(row.json);
                bytes += match origin.index {
                    // The rows are whole items; the index is charged for its entries (rule 61).
                    Some(index) if origin.joined && wants_capacity => {
                        fetched = fetched + capacity::read_units(row.size, self.consistent_read);
                        let entry = index.projected(&origin.table.key_schema, &read_stored(stored_text(row.json)?)?);
                        entry.size()
                    }
                    _ => row.size,
                };
                let item = looked_at.as_mut().map(|selection| read_selected(selection, row.json)).transpose()?;
                if let (Some(filter), Some(item)) = (self.filter, item)
                    && !filter.holds(item)
                {
                    continue;
                }
                if shows_items {
                    if count > 0 {
                        items.push(b',');
                    }
                    match (projection, item) {
                        (Some(projection), Some(item)) => projection.apply(item).write_json(items),
                        _ => items.extend_from_slice(row.json),
                    }
                }
                count += 1;
            }
            items.push(b']');
        }
        reply.integer("Count", count);
        reply.integer("ScannedCount", i64::try_from(page.len()).unwrap_or(i64::MAX));
        if let (false, Some(json)) = (page.ended(), last) {
            let key = origin.last_key(&read_stored(stored_text(json)?)?);
            key.write_json(reply.name("LastEvaluatedKey"));
        }
        if wants_capacity {
            let read = capacity::read_units(bytes, self.consistent_read);
            let mut consumed = ConsumedCapacity::default();
            match origin.index {
                None => consumed.table = read,
                Some(index) => {
                    consumed.table = fetched;
                    capacity::add_index(&mut consumed, index, read);
                }
            }
            consumed.write_member(&mut reply, &origin.table.name, self.return_consumed_capacity);
        }
        reply.end();
        Ok(())
    }
}
