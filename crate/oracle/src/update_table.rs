//! UpdateTable, time to live, the passing of time, and the streams of a table (behaviour rules 90, 91, 96 to 102).

use crate::answer::{Answer, Expect, NOT_FOUND, Refusal, refuse};
use crate::database::Database;
use crate::decimal::Decimal;
use crate::json::Json;
use crate::request::TableChange;
use crate::streams::Stream;
use crate::table::State;
use crate::value::{Item, Value};
use crate::wire;

/// What expired longer ago than five years is kept (rule 96).
const FIVE_YEARS: usize = 5 * 365 * 24 * 60 * 60;

fn number(value: usize) -> Decimal {
    Decimal::integer(value.cast_signed())
}

impl Database {
    /// Whether nothing of the answer depends on how far an index is filled: one can be deleted meanwhile, another not be touched.
    pub(crate) fn knows_change(&self, table: usize, change: &TableChange) -> bool {
        let filling = self.tables[table].indexes.iter().find(|index| index.state == State::Filling);
        match (change, filling) {
            (TableChange::Create(..), Some(_)) => false,
            (TableChange::Delete(name), Some(filling)) => *name == filling.name,
            _ => true,
        }
    }

    /// UpdateTable. The index is made, but not filled yet.
    pub(crate) fn update_table(&mut self, at: usize, change: &TableChange) -> Expect {
        if let Err(refusal) = self.change_refused(at, change) {
            return Answer::Err(refusal).into();
        }
        let table = &mut self.tables[at];
        match change {
            TableChange::Create(index, kinds) => {
                for (name, kind) in kinds {
                    // A type that is known stays as it is (rule 90).
                    table.types.entry(name.clone()).or_insert(kind);
                }
                table.indexes.push(index.clone());
                table.drop_unused_types();
            }
            TableChange::Delete(name) => {
                let live = table.indexes.iter_mut().filter(|index| index.state != State::Deleted);
                live.filter(|index| index.name == *name)
                    .for_each(|index| index.state = State::Deleted);
                table.drop_unused_types();
            }
            TableChange::EnableStream(view) => {
                table.stream = Some(*view);
                self.streams[at].push(Stream::new(*view, false));
            }
            TableChange::DisableStream => {
                table.stream = None;
                self.streams[at].iter_mut().for_each(|stream| stream.enabled = false);
            }
        }
        Expect::Done
    }

    /// messages-tables 54, 55, 89, 91, 92
    fn change_refused(&self, at: usize, change: &TableChange) -> Result<(), Refusal> {
        let table = &self.tables[at];
        let named = |name: &String| table.live().find(|(_, index)| index.name == *name).map(|(_, index)| index);
        match change {
            TableChange::Create(index, _) if named(&index.name).is_some() => refuse("Attempting to create an index which already exists"),
            TableChange::Delete(name) => match named(name) {
                None => Err(Refusal {
                    name: NOT_FOUND,
                    messages: vec![format!("Requested resource not found: Index {name} for table {}", table.name)],
                    item: None,
                }),
                Some(index) if index.local => refuse(format!("Cannot delete an index that is not a GlobalSecondaryIndex: {name}")),
                Some(_) => Ok(()),
            },
            TableChange::EnableStream(_) if table.stream.is_some() => {
                refuse(format!("Table already has an enabled stream: TableName: {}", table.name))
            }
            TableChange::DisableStream if table.stream.is_none() => {
                refuse(format!("Table has no stream to disable: TableName: {}", table.name))
            }
            _ => Ok(()),
        }
    }

    /// UpdateTimeToLive (rule 97, messages-tables 72 to 74).
    pub(crate) fn update_time_to_live(&mut self, at: usize, enabled: bool, attribute: &str) -> Answer {
        let table = &mut self.tables[at];
        match &table.ttl {
            Some(current) if current != attribute => {
                return refuse(format!(
                    "TimeToLive is active on a different AttributeName: current AttributeName is {current}"
                ));
            }
            Some(_) if enabled => return refuse("TimeToLive is already enabled"),
            None if !enabled => return refuse("TimeToLive is already disabled"),
            _ => {}
        }
        table.ttl = enabled.then(|| attribute.to_owned());
        Ok(Json::object([("TimeToLiveSpecification", wire::time_to_live(enabled, attribute))]))
    }

    /// DescribeTimeToLive.
    pub(crate) fn describe_time_to_live(&self, at: usize) -> Expect {
        let mut description = Json::object([]);
        let status = match &self.tables[at].ttl {
            None => "DISABLED",
            Some(attribute) => {
                description.set("AttributeName", Json::text(attribute));
                "ENABLED"
            }
        };
        description.set("TimeToLiveStatus", Json::text(status));
        Expect::Reply(Json::object([("TimeToLiveDescription", description)]))
    }

    /// Time passes: indexes get filled, and what has expired goes.
    pub(crate) fn advance(&mut self, milliseconds: usize) -> Expect {
        self.now += milliseconds;
        for table in 0..self.tables.len() {
            for index in &mut self.tables[table].indexes {
                if index.state == State::Filling {
                    index.state = State::Active;
                }
            }
            for key in self.expired(table) {
                self.replace(table, &key, None, true);
            }
        }
        Expect::Done
    }

    /// The keys of the items of a table that have expired (rule 96).
    fn expired(&self, at: usize) -> Vec<Item> {
        let table = &self.tables[at];
        let Some(attribute) = &table.ttl else { return Vec::new() };
        let seconds = self.now / 1000;
        let has_expired = |item: &&Item| match item.get(attribute) {
            Some(Value::N(expires)) => *expires < number(seconds) && *expires >= number(seconds - FIVE_YEARS),
            _ => false,
        };
        self.items[at].iter().filter(has_expired).map(|item| table.key_of(item)).collect()
    }

    /// All records of all streams of a table.
    pub(crate) fn records(&self, at: usize) -> Expect {
        Expect::Streams(self.streams[at].iter().map(Stream::json).collect())
    }
}
