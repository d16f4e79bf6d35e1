//! A run: the entries of some megabytes of items, gathered in the order of the table, to be written in the order of the index.
//!
//! Entries in the order of the table lie anywhere in the index, so that each dirties pages of its own, which are logged and copied again with
//! every commit. In the order of the index a run touches a page once. While a run waits in memory its items may change: [`Run::note`] keeps
//! their keys, and before more of the run is written they are looked at again, which makes their entries [`Late`].

use crate::actions::item_change::Entry;
use crate::model::hash_prefix;
use crate::model::sorting::sort;
use crate::schema::{FillingRun, IndexDefinition, TableDefinition, place_of};

/// Most bytes and entries of a run.
const MOST_BYTES: usize = 8 << 20;
const MOST_ENTRIES: usize = 20_000;

/// Changed items that are kept; a run of which more have changed is gathered anew.
const MOST_CHANGED: usize = 10_000;

/// What an entry costs beside its texts.
const ENTRY_BYTES: usize = 160;

/// Bytes of entries written in one step.
const BYTES_A_STEP: usize = 256 << 10;

/// The entry of an item, and where it lies in the index.
#[derive(Debug, Default)]
pub struct Waiting {
    hash: u32,
    /// The entry.
    pub entry: Entry,
    base: [String; 2],
}

impl Waiting {
    fn new(entry: Entry, base: [String; 2]) -> Self {
        let mut waiting = Self { hash: 0, entry, base };
        waiting.hash = hash_prefix(waiting.place()[0]);
        waiting
    }

    /// The item's key in the table.
    pub fn base(&self) -> [&str; 2] {
        [&self.base[0], &self.base[1]]
    }

    /// Its place: keys of the index, then of the table.
    fn place(&self) -> [&str; 4] {
        self.entry.place(self.base())
    }

    fn order(&self) -> (u32, [&str; 4]) {
        (self.hash, self.place())
    }
}

/// An item that has changed since it was gathered, with the entry it has now, if that is still to be written.
#[derive(Debug)]
struct Late {
    base: [String; 2],
    entry: Option<Waiting>,
}

/// Entries that were gathered in one step, in the order of the index: to sort all of a run at once would take too long.
#[derive(Debug, Default)]
struct Piece {
    entries: Vec<Waiting>,
    /// How many of them are done with.
    written: usize,
}

/// Which piece an entry is in, and where there.
pub type Place = (usize, usize);

/// A run of one index.
#[derive(Debug)]
pub struct Run {
    table_id: String,
    /// The index as the last step has left it.
    index: IndexDefinition,
    /// The last item that was gathered.
    reached: Option<[String; 2]>,
    pieces: Vec<Piece>,
    count: usize,
    bytes: usize,
    /// Everything is gathered.
    ready: bool,
    changed: Vec<[String; 2]>,
    late: Vec<Late>,
}

impl Run {
    /// The run behind what the index holds already.
    pub fn new(table: &TableDefinition, index: &IndexDefinition) -> Self {
        Self {
            table_id: table.id.clone(),
            index: index.clone(),
            reached: index.filled_to.clone(),
            pieces: Vec::new(),
            count: 0,
            bytes: 0,
            ready: false,
            changed: Vec::new(),
            late: Vec::new(),
        }
    }

    /// Whether this is still the run to go on with: the index may be another one by now, or the last step may have been undone.
    pub fn is_of(&self, table: &TableDefinition, index: &IndexDefinition) -> bool {
        self.is_of_table(table) && self.index == *index && self.changed.len() < MOST_CHANGED
    }

    /// Whether it is of an index of that table.
    pub fn is_of_table(&self, table: &TableDefinition) -> bool {
        self.table_id == table.id
    }

    /// Takes note of an item that changes, if it was gathered.
    pub fn note(&mut self, table: &TableDefinition, key: [&str; 2]) {
        let behind = |last: &Option<[String; 2]>| last.as_ref().is_none_or(|[pk, sk]| place_of(key) > place_of([pk, sk]));
        if self.is_of_table(table) && behind(&self.index.filled_to) && !behind(&self.reached) && self.changed.len() < MOST_CHANGED {
            self.changed.push(key.map(str::to_owned));
        }
    }

    /// Where gathering goes on.
    pub fn reached(&self) -> Option<&[String; 2]> {
        self.reached.as_ref()
    }

    /// The key at which the run ends that was being written when the database was closed.
    fn end(&self) -> Option<&[String; 2]> {
        self.index.filling.as_ref().map(|run| &run.to)
    }

    /// A step of gathering begins.
    pub fn begin_piece(&mut self) {
        self.pieces.push(Piece::default());
    }

    /// Takes the next item; says whether it is one of the run.
    pub fn gather(&mut self, key: [String; 2], entry: Option<Entry>) -> bool {
        let place = place_of([&key[0], &key[1]]);
        if self.end().is_some_and(|[pk, sk]| place > place_of([pk, sk])) {
            return false;
        }
        self.reached = Some(key.clone());
        if let Some(waiting) = entry.and_then(|entry| self.to_be_written(entry, key)) {
            self.bytes += waiting.entry.bytes() + ENTRY_BYTES;
            self.count += 1;
            if let Some(piece) = self.pieces.last_mut() {
                piece.entries.push(waiting);
            }
        }
        true
    }

    /// What is to be written of an item's entry: nothing if it is in the index already, or was written with the item.
    fn to_be_written(&self, entry: Entry, base: [String; 2]) -> Option<Waiting> {
        let waiting = Waiting::new(entry, base);
        let written = self.index.filling.as_ref().is_some_and(|run| run.has(waiting.place()));
        (!written).then_some(waiting)
    }

    /// The step of gathering is done; `ends` where there is nothing more to gather.
    pub fn end_piece(&mut self, ends: bool) {
        if let Some(piece) = self.pieces.last_mut() {
            sort(&mut piece.entries, |a, b| a.order().cmp(&b.order()));
        }
        // A run that was being written ends where it ended.
        let is_full = self.end().is_none() && (self.bytes >= MOST_BYTES || self.count >= MOST_ENTRIES);
        self.ready = ends || is_full;
    }

    /// Whether everything is gathered.
    pub fn is_ready(&self) -> bool {
        self.ready
    }

    /// Whether there is nothing at all behind what the index holds.
    pub fn is_empty(&self) -> bool {
        self.reached == self.index.filled_to && self.end().is_none()
    }

    /// The items to look at again, at most so many.
    pub fn take_changed(&mut self, most: usize) -> Vec<[String; 2]> {
        sort(&mut self.changed, Ord::cmp);
        self.changed.dedup();
        self.changed.split_off(self.changed.len().saturating_sub(most))
    }

    /// Whether there are more of them.
    pub fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// An item that was looked at again has this entry, or none.
    pub fn renew(&mut self, base: [String; 2], entry: Option<Entry>) {
        let entry = entry.and_then(|entry| self.to_be_written(entry, base.clone()));
        match self.find_late(&base) {
            Ok(at) => self.late[at].entry = entry,
            Err(at) => self.late.insert(at, Late { base, entry }),
        }
    }

    fn find_late(&self, base: &[String; 2]) -> Result<usize, usize> {
        self.late.binary_search_by(|late| late.base.cmp(base))
    }

    /// The places of the entries of the next step, at most so many, in the order of the index. They are done with then.
    pub fn advance(&mut self, most: usize) -> Vec<Place> {
        let mut next = Vec::new();
        let mut bytes = 0;
        while next.len() < most && bytes < BYTES_A_STEP {
            let heads = self.pieces.iter().enumerate();
            let heads = heads.filter_map(|(at, piece)| Some((at, piece.entries.get(piece.written)?)));
            let Some((at, head)) = heads.min_by(|a, b| a.1.order().cmp(&b.1.order())) else {
                break;
            };
            bytes += head.entry.bytes();
            let piece = &mut self.pieces[at];
            next.push((at, piece.written));
            piece.written += 1;
        }
        next
    }

    fn entry_at(&self, (piece, at): Place) -> Option<&Waiting> {
        self.pieces.get(piece)?.entries.get(at)
    }

    /// Whether every entry is done with.
    pub fn is_written(&self) -> bool {
        self.pieces.iter().all(|piece| piece.written == piece.entries.len())
    }

    /// What a step writes that does the entries of those places.
    pub fn entries(&self, places: &[Place]) -> Vec<&Waiting> {
        let of_run = places.iter().filter_map(|&place| self.entry_at(place));
        let mut entries: Vec<&Waiting> = of_run.filter(|waiting| self.find_late(&waiting.base).is_err()).collect();
        let last = self.last_of(places).map(Waiting::order);
        let is_due = |late: &&Waiting| last.is_none_or(|last| late.order() <= last) && !self.has_written(late);
        entries.extend(self.late.iter().filter_map(|late| late.entry.as_ref()).filter(is_due));
        entries
    }

    /// The last entry of a step, unless that is the run's last step.
    fn last_of(&self, places: &[Place]) -> Option<&Waiting> {
        let last = places.last().filter(|_| !self.is_written());
        last.and_then(|&place| self.entry_at(place))
    }

    fn has_written(&self, waiting: &Waiting) -> bool {
        self.index.filling.as_ref().is_some_and(|run| run.has(waiting.place()))
    }

    /// The index when the step of those entries is done.
    pub fn index_after(&self, places: &[Place]) -> IndexDefinition {
        let mut index = self.index.clone();
        let end = self.end().or(self.reached.as_ref()).cloned();
        match (end, self.last_of(places)) {
            (Some(to), Some(last)) => {
                index.filling = Some(FillingRun {
                    to,
                    written_to: last.place().map(str::to_owned),
                });
            }
            (end, _) => {
                index.filled_to = end;
                index.filling = None;
            }
        }
        index
    }

    /// The step is done.
    pub fn wrote(&mut self, index: IndexDefinition) {
        self.index = index;
    }
}
