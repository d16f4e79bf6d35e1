//! Random sequences of requests. Keys have few values, so that requests meet; expressions look at what is in the tables, so that they hold
//! as often as not; and a share of everything is wrong.

mod changes;
mod expressions;
mod requests;
mod tables;
mod transactions;
mod updates;
mod values;

use crate::answer::Step;
use crate::database::Database;
use crate::random::Random;
use crate::request::Request;
use crate::table::Table;

/// How many sequences of a hundred have items so large that pages and items meet their limits.
const LARGE: usize = 2;

/// How many requests of a hundred change a table, or let time pass, or look what that has done.
const CHANGES: usize = 12;

/// Tables, and what is asked of them.
#[derive(Clone, Debug)]
pub struct Sequence {
    /// What made it.
    pub seed: u64,
    /// The tables.
    pub tables: Vec<Table>,
    /// The requests.
    pub requests: Vec<Request>,
}

/// The seed of the sequence at that place of a run.
pub fn seed_of(run: u64, at: usize) -> u64 {
    // JavaScript's numbers hold it too.
    Random::new(run ^ (at as u64).wrapping_mul(0xA24B_AED4_963E_E407)).any() >> 16
}

impl Sequence {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let tables = tables::tables(&mut random);
        let mut db = Database::new(tables.clone());
        let mut requests = Vec::new();
        let large = random.percent(LARGE);
        let wanted = random.within(if large { 30..60 } else { 4..50 });
        while requests.len() < wanted {
            let next = if random.percent(CHANGES) {
                vec![changes::change(&mut random, &db)]
            } else {
                requests::requests(&mut random, &db, large)
            };
            for request in next {
                if db.knows(&request) {
                    db.steps(&request);
                    requests.push(request);
                }
            }
        }
        Self { seed, tables, requests }
    }

    /// Every request whose answer is known, with its answer, and what the tables hold in the end.
    pub fn answered(&self) -> (Vec<Step>, Database) {
        let mut db = Database::new(self.tables.clone());
        let mut steps = Vec::new();
        for request in &self.requests {
            if db.knows(request) {
                steps.extend(db.steps(request));
            }
        }
        (steps, db)
    }
}
