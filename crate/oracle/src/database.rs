//! The model: tables as lists of items, and the answer to every request.

use crate::answer::{Answer, Expect, Refusal, Step, refuse};
use crate::json::Json;
use crate::mistakes::spoil;
use crate::reads;
use crate::request::{Consumed, Request};
use crate::streams::{Change, Stream};
use crate::table::{State, Table, Target};
use crate::transactions::UsedToken;
use crate::value::{Item, Side, item_json, item_size};
use crate::wire;

/// The lead of most faults of values.
pub(crate) const INVALID: &str = "One or more parameter values were invalid: ";
/// The lead of the faults of empty keys.
pub(crate) const NOT_VALID: &str = "One or more parameter values are not valid. ";
/// The most bytes of an item (rule 13).
pub(crate) const MOST_BYTES: usize = 409_600;
/// When the clock of every sequence starts, in milliseconds since 1970: 2026-10-01.
pub const START: usize = 1_790_812_800_000;
/// The least time that passes at a time: as long as it takes until expired items are looked for again.
const SECOND: usize = 1000;

/// Tables, and what is in them.
#[derive(Clone, Debug)]
pub struct Database {
    /// The definitions.
    pub tables: Vec<Table>,
    /// The items of each table, in no order.
    pub items: Vec<Vec<Item>>,
    /// The streams each table has had, in their order.
    pub streams: Vec<Vec<Stream>>,
    /// The tokens of the transactions that were done.
    pub tokens: Vec<UsedToken>,
    /// The time, in milliseconds since 1970.
    pub now: usize,
}

/// As the reply shows an item.
pub fn shown(item: &Item) -> Json {
    item_json(item, Side::Reply)
}

impl Database {
    /// Empty tables.
    pub fn new(tables: Vec<Table>) -> Self {
        let stream = |table: &Table| table.stream.map(|view| Stream::new(view, true)).into_iter().collect();
        Self {
            items: vec![Vec::new(); tables.len()],
            streams: tables.iter().map(stream).collect(),
            tables,
            tokens: Vec::new(),
            now: START,
        }
    }

    /// The item with that key.
    pub fn item(&self, table: usize, key: &Item) -> Option<&Item> {
        self.items[table].iter().find(|item| self.tables[table].key_of(item) == *key)
    }

    /// Replaces, removes or adds the item with that key, and records it in the table's stream, if something changes (rule 99).
    pub(crate) fn replace(&mut self, table: usize, key: &Item, new: Option<Item>, by_service: bool) {
        let definition = &self.tables[table];
        let items = &mut self.items[table];
        let at = items.iter().position(|item| definition.key_of(item) == *key);
        let old = at.map(|at| items.swap_remove(at));
        items.extend(new.clone());
        let stream = self.streams[table].last_mut().filter(|stream| stream.enabled);
        if let (Some(stream), true) = (stream, old != new) {
            let (key, at) = (key.clone(), self.now);
            stream.changes.push(Change {
                key,
                old,
                new,
                at,
                by_service,
            });
        }
    }

    /// Whether the answer to a request is known: it is not where it depends on how far an index is filled, or where a request is left over
    /// from a longer sequence and means an index that is not there.
    pub fn knows(&self, request: &Request) -> bool {
        let read = |table: usize, target: Target| {
            let table = &self.tables[table];
            target.is_none_or(|at| match table.indexes.get(at) {
                None => false,
                Some(index) => match index.state {
                    State::Active => true,
                    State::Filling => false,
                    State::Deleted => table.live().all(|(_, other)| other.name != index.name),
                },
            })
        };
        match request {
            Request::Query(query) => read(query.read.table, query.read.target),
            Request::Scan(scan, _) => read(scan.table, scan.target),
            Request::Mistaken(request, _) => self.knows(request),
            Request::UpdateTable(table, change) => self.knows_change(*table, change),
            _ => true,
        }
    }

    /// Does what a request asks for; how it is sent and what the answer must be, and what is asked after it to see what it has done.
    pub fn steps(&mut self, request: &Request) -> Vec<Step> {
        let mut request = request.clone();
        if self.tables.iter().any(Table::is_filling) {
            // What writes consume depends on how far the index is filled.
            request.consumes_unseen();
        }
        let (operation, body) = self.sent(&request);
        let expect = match &request {
            Request::Write(write) => self.write(write).into(),
            Request::Get(get) => reads::get(self, get).into(),
            Request::Query(query) => reads::query(self, query).into(),
            Request::Scan(scan, segments) => match reads::scan(self, scan, *segments) {
                Ok(walk) => Expect::Walk(walk),
                Err(refusal) => Answer::Err(refusal).into(),
            },
            Request::BatchGet(tables, consumed) => reads::batch_get(self, tables, *consumed).into(),
            Request::BatchWrite(tables, consumed, metrics) => self.batch_write(tables, *consumed, *metrics).into(),
            Request::TransactWrite(transaction) => self.transact_write(transaction),
            Request::TransactGet(gets, consumed) => self.transact_get(gets, *consumed),
            Request::UpdateTable(table, change) => self.update_table(*table, change),
            Request::TimeToLive { table, enabled, attribute } => self.update_time_to_live(*table, *enabled, attribute).into(),
            Request::DescribeTimeToLive(table) => self.describe_time_to_live(*table),
            Request::Advance(milliseconds) => self.advance(*milliseconds),
            Request::Records(table) => self.records(*table),
            Request::Mistaken(request, mistake) => Answer::Err(self.refusal(request, *mistake)).into(),
        };
        let mut steps = vec![Step {
            operation,
            request: body,
            expect,
        }];
        match &request {
            Request::UpdateTable(table, _) => steps.push(self.describe(*table, Expect::Definition(self.tables[*table].definition()))),
            Request::TimeToLive { .. } => steps.extend(self.steps(&Request::Advance(SECOND))),
            _ => {}
        }
        steps
    }

    fn sent(&self, request: &Request) -> (&'static str, Json) {
        let of_table = |table: usize| Json::object([("TableName", Json::text(&self.tables[table].name))]);
        match request {
            Request::Write(write) => wire::write(&self.tables[write.table], write),
            Request::Get(get) => ("GetItem", wire::get(&self.tables[get.table], get)),
            Request::Query(query) => ("Query", wire::query(&self.tables[query.read.table], query)),
            Request::Scan(scan, segments) => ("Scan", wire::scan(&self.tables[scan.table], scan, *segments)),
            Request::BatchGet(tables, consumed) => ("BatchGetItem", wire::batch_get(&self.tables, tables, *consumed)),
            Request::BatchWrite(tables, consumed, metrics) => {
                ("BatchWriteItem", wire::batch_write(&self.tables, tables, *consumed, *metrics))
            }
            Request::TransactWrite(transaction) => ("TransactWriteItems", wire::transact_write(&self.tables, transaction)),
            Request::TransactGet(gets, consumed) => ("TransactGetItems", wire::transact_get(&self.tables, gets, *consumed)),
            Request::UpdateTable(table, change) => ("UpdateTable", wire::update_table(&self.tables[*table], change)),
            Request::TimeToLive { table, enabled, attribute } => {
                let mut body = of_table(*table);
                body.set("TimeToLiveSpecification", wire::time_to_live(*enabled, attribute));
                ("UpdateTimeToLive", body)
            }
            Request::DescribeTimeToLive(table) => ("DescribeTimeToLive", of_table(*table)),
            Request::Advance(milliseconds) => ("Advance", Json::object([("Milliseconds", Json::integer(*milliseconds))])),
            Request::Records(table) => ("Records", of_table(*table)),
            Request::Mistaken(request, mistake) => {
                let (operation, mut body) = self.sent(request);
                spoil(&mut body, *mistake, &self.tables[request.first_table()].hash);
                (operation, body)
            }
        }
    }

    fn describe(&self, table: usize, expect: Expect) -> Step {
        Step {
            operation: "DescribeTable",
            request: Json::object([("TableName", Json::text(&self.tables[table].name))]),
            expect,
        }
    }

    /// What DescribeTable must count: an index holds what the items give it, recomputed.
    fn counts(&self, at: usize) -> Expect {
        let table = &self.tables[at];
        let figures = |target| {
            let entries: Vec<Item> = self.items[at].iter().filter_map(|item| table.entry(target, item)).collect();
            [entries.len(), entries.iter().map(item_size).sum()]
        };
        Expect::Counts {
            table: figures(None),
            indexes: table.live().map(|(at, index)| (index.name.clone(), figures(Some(at)))).collect(),
        }
    }

    /// Everything there is, when nothing is left to be done behind the requests: each table and each index whole, its definition and its
    /// counts, and its streams.
    pub fn inventory(&mut self) -> Vec<Step> {
        let mut steps = self.steps(&Request::Advance(SECOND));
        for table in 0..self.tables.len() {
            let indexes: Vec<Target> = self.tables[table].live().map(|(at, _)| Some(at)).collect();
            for target in indexes.into_iter().chain([None]) {
                steps.extend(self.steps(&Request::Scan(reads::everything(table, target, Consumed::Total), 1)));
            }
            steps.push(self.describe(table, self.counts(table)));
            steps.push(self.describe(table, Expect::Definition(self.tables[table].definition())));
            steps.extend(self.steps(&Request::DescribeTimeToLive(table)));
            steps.extend(self.steps(&Request::Records(table)));
        }
        steps
    }
}

/// Keys of one batch (rule 70).
pub(crate) fn check_distinct(keys: &[Item]) -> Result<(), Refusal> {
    let twice = keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key));
    if twice {
        refuse("Provided list of item keys contains duplicates")
    } else {
        Ok(())
    }
}
