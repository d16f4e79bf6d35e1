//! Random tables, items and requests.

use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use crate::model::{IndexSpec, ModelItem, PAYLOAD, POOL, Projects, RANKS, TableSpec};

/// When a write is to happen.
#[derive(Clone, Copy, Debug)]
pub enum When {
    Always,
    IfThere,
    IfNotThere,
}

/// One request, in terms that fit any table.
#[derive(Clone, Debug)]
pub enum Step {
    Put(ModelItem, When),
    /// Puts an item that is there once more.
    PutAgain(Index),
    Delete(ModelItem, When),
    /// Sets what the item has beside its key, and removes what it has not where the flag says so.
    Update(ModelItem, When, Vec<bool>),
    /// Puts or, where the flag says so, deletes.
    BatchWrite(Vec<(ModelItem, bool)>),
    Get(ModelItem),
    BatchGet(Vec<ModelItem>),
    /// A Scan of the table or an index in so many segments, by so many items.
    Scan(Index, u32, Option<usize>),
    Query(QueryStep),
}

/// A Query: of the table or an index, for the keys of a known item or of this one.
#[derive(Clone, Debug)]
pub struct QueryStep {
    pub target: Index,
    pub like: Index,
    pub otherwise: ModelItem,
    pub equal: Index,
    pub test: Option<(u8, u8, u8)>,
    pub forward: bool,
    pub limit: Option<usize>,
    pub whole_items: bool,
}

fn projects() -> impl Strategy<Value = Projects> {
    select(&[Projects::All, Projects::Keys, Projects::Some][..])
}

/// A global index over one to four and none to four attributes, the table's own among them.
fn global_index() -> impl Strategy<Value = IndexSpec> {
    let names: Vec<String> = ["pk", "sk"]
        .into_iter()
        .chain(POOL.map(|(name, _)| name))
        .map(str::to_owned)
        .collect();
    (subsequence(names, 1..=8).prop_shuffle(), any::<Index>(), projects()).prop_map(|(names, split, projects)| {
        let least = names.len().saturating_sub(4).max(1);
        let most = names.len().min(4);
        let split = least + split.index(most - least + 1);
        let (hash, range) = names.split_at(split);
        IndexSpec {
            local: false,
            hash: hash.to_vec(),
            range: range.to_vec(),
            projects,
        }
    })
}

/// A table with up to three global and two local indexes.
pub fn table() -> impl Strategy<Value = TableSpec> {
    let types = || select(&['S', 'N', 'B'][..]);
    let local = (select(&POOL[..]), projects());
    let globals = prop::collection::vec(global_index(), 0..4);
    let locals = prop::collection::vec(local, 0..3);
    (types(), prop::option::weighted(0.8, types()), globals, locals, any::<bool>()).prop_map(
        |(hash_type, range_type, globals, locals, stream)| {
            let locals = locals.into_iter().map(|((range, _), projects)| {
                let (hash, range) = (vec!["pk".to_owned()], vec![range.to_owned()]);
                IndexSpec {
                    local: true,
                    hash,
                    range,
                    projects,
                }
            });
            // Without a sort key there are no local indexes, and no index over it.
            let sorted = range_type.is_some();
            let globals = globals
                .into_iter()
                .filter(|index| sorted || !index.hash.iter().chain(&index.range).any(|name| name == "sk"));
            let indexes = globals.chain(locals.filter(|_| sorted)).collect();
            TableSpec {
                hash_type,
                range_type,
                indexes,
                stream,
            }
        },
    )
}

/// An item with a key of few values, so that keys meet, and some of the other attributes.
fn item() -> impl Strategy<Value = ModelItem> {
    let others = prop::collection::vec(prop::option::weighted(0.7, 0..RANKS), POOL.len());
    (0..2u8, 0..RANKS, others, prop::option::of(0..60u8)).prop_map(|(pk, sk, others, payload)| {
        let mut item = ModelItem::from([("pk".to_owned(), pk), ("sk".to_owned(), sk)]);
        item.extend(
            POOL.iter()
                .zip(others)
                .filter_map(|((name, _), rank)| Some(((*name).to_owned(), rank?))),
        );
        item.extend(payload.map(|length| (PAYLOAD.to_owned(), length)));
        item
    })
}

/// A request.
pub fn step() -> impl Strategy<Value = Step> {
    let when = || select(&[When::Always, When::Always, When::IfThere, When::IfNotThere][..]);
    let test = prop::option::weighted(0.6, (0..6u8, 0..RANKS, 0..RANKS));
    let query = (
        any::<Index>(),
        any::<Index>(),
        item(),
        any::<Index>(),
        test,
        any::<bool>(),
        prop::option::of(1..5usize),
        any::<bool>(),
    );
    prop_oneof![
        6 => (item(), when()).prop_map(|(item, when)| Step::Put(item, when)),
        1 => any::<Index>().prop_map(Step::PutAgain),
        2 => (item(), when()).prop_map(|(item, when)| Step::Delete(item, when)),
        3 => (item(), when(), prop::collection::vec(any::<bool>(), POOL.len()))
            .prop_map(|(item, when, removes)| Step::Update(item, when, removes)),
        2 => prop::collection::vec((item(), prop::bool::weighted(0.3)), 1..6).prop_map(Step::BatchWrite),
        1 => item().prop_map(Step::Get),
        1 => prop::collection::vec(item(), 1..6).prop_map(Step::BatchGet),
        2 => (any::<Index>(), 1..4u32, prop::option::of(1..5usize))
            .prop_map(|(target, segments, limit)| Step::Scan(target, segments, limit)),
        4 => query.prop_map(|(target, like, otherwise, equal, test, forward, limit, whole_items)| {
            Step::Query(QueryStep { target, like, otherwise, equal, test, forward, limit, whole_items })
        }),
    ]
}
