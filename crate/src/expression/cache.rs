//! The expressions an engine understood lately: applications say the same with other values, so the same text need not be parsed again.
//!
//! Only what was right is kept. A text is taken from here if the request gives it the same meaning ([`Inputs`]); everything else, every
//! error too, comes from the parser.

use super::condition::{Condition, Tree};
use super::error::{ExpressionError, ExpressionKind};
use super::inputs::Inputs;
use super::key_condition::KeyClauses;
use super::parser::{parse_condition, parse_projection, parse_update};
use super::placeholders::Placeholders;
use super::projection::Projection;
use super::update::{Clauses, Update};
use super::values::Values;
use std::cell::RefCell;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Most expressions that are kept.
const MOST_ENTRIES: usize = 256;
/// Most bytes that are kept, by [`cost`].
const MOST_BYTES: usize = 256 << 10;
/// Most bytes of one expression that is kept.
const MOST_ENTRY_BYTES: usize = 16 << 10;
/// About what the tree has for each token.
const TOKEN_BYTES: usize = 96;

/// A bounded cache of parsed expressions. A clock's hand goes over them where room is needed; those that were used since it came by stay.
#[derive(Debug, Default)]
pub struct ExpressionCache(RefCell<Kept>);

/// How much a cache holds, and what it did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CacheCounts {
    /// The expressions it holds.
    pub entries: usize,
    /// What they take, estimated in bytes.
    pub bytes: usize,
    /// The expressions that were asked for.
    pub asked: u64,
    /// Those of them that were parsed.
    pub parsed: u64,
}

#[derive(Debug, Default)]
struct Kept {
    entries: Vec<Entry>,
    bytes: usize,
    hand: usize,
    asked: u64,
    parsed: u64,
}

/// One expression, by its kind, its text and what it rests on.
#[derive(Debug)]
struct Entry {
    /// [`hash`] of the text: to compare numbers first makes it cheap to find that a text is new.
    hash: u32,
    kind: ExpressionKind,
    text: Box<str>,
    inputs: Inputs,
    meaning: Meaning,
    bytes: usize,
    /// Whether it was used since the hand came by.
    used: bool,
}

/// What an expression says, whatever its values.
#[derive(Clone, Debug)]
enum Meaning {
    Condition(Arc<Tree>),
    Update(Arc<Clauses>),
    Projection(Projection),
}

impl ExpressionCache {
    /// What a `ConditionExpression` or `FilterExpression` says.
    pub fn condition(&self, kind: ExpressionKind, text: &str, placeholders: &Placeholders) -> Result<Condition, ExpressionError> {
        if let Some((Meaning::Condition(tree), values)) = self.find(kind, text, placeholders) {
            return Ok(Condition { tree, values });
        }
        let (condition, inputs) = parse_condition(kind, text, placeholders)?;
        self.keep(kind, text, inputs, Meaning::Condition(condition.tree.clone()));
        Ok(condition)
    }

    /// What a `KeyConditionExpression` says, as far as no table need be known.
    pub fn key_condition(&self, text: &str, placeholders: &Placeholders) -> Result<KeyClauses, ExpressionError> {
        KeyClauses::of_condition(&self.condition(ExpressionKind::KeyCondition, text, placeholders)?)
    }

    /// What a `ProjectionExpression` says.
    pub fn projection(&self, text: &str, placeholders: &Placeholders) -> Result<Projection, ExpressionError> {
        let kind = ExpressionKind::Projection;
        if let Some((Meaning::Projection(projection), _)) = self.find(kind, text, placeholders) {
            return Ok(projection);
        }
        let (projection, inputs) = parse_projection(text, placeholders)?;
        self.keep(kind, text, inputs, Meaning::Projection(projection.clone()));
        Ok(projection)
    }

    /// What an `UpdateExpression` says.
    pub fn update(&self, text: &str, placeholders: &Placeholders) -> Result<Update, ExpressionError> {
        let kind = ExpressionKind::Update;
        if let Some((Meaning::Update(clauses), values)) = self.find(kind, text, placeholders) {
            return Ok(Update { clauses, values });
        }
        let (update, inputs) = parse_update(text, placeholders)?;
        self.keep(kind, text, inputs, Meaning::Update(update.clauses.clone()));
        Ok(update)
    }

    /// How much it holds, and what it did.
    pub fn counts(&self) -> CacheCounts {
        let kept = self.0.borrow();
        CacheCounts {
            entries: kept.entries.len(),
            bytes: kept.bytes,
            asked: kept.asked,
            parsed: kept.parsed,
        }
    }

    /// What the text is known to say, and the request's values.
    fn find(&self, kind: ExpressionKind, text: &str, placeholders: &Placeholders) -> Option<(Meaning, Values)> {
        let mut kept = self.0.borrow_mut();
        kept.asked += 1;
        let hash = hash(text);
        for entry in &mut kept.entries {
            if entry.hash == hash
                && entry.kind == kind
                && *entry.text == *text
                && let Some(values) = entry.inputs.values_of(text, placeholders)
            {
                entry.used = true;
                return Some((entry.meaning.clone(), values));
            }
        }
        kept.parsed += 1;
        None
    }

    fn keep(&self, kind: ExpressionKind, text: &str, inputs: Inputs, meaning: Meaning) {
        let bytes = cost(text, &inputs);
        if bytes > MOST_ENTRY_BYTES {
            return;
        }
        let mut kept = self.0.borrow_mut();
        while kept.entries.len() >= MOST_ENTRIES || kept.bytes + bytes > MOST_BYTES {
            kept.turn_hand();
        }
        kept.bytes += bytes;
        kept.entries.push(Entry {
            hash: hash(text),
            kind,
            text: text.into(),
            inputs,
            meaning,
            bytes,
            used: false,
        });
        // Where the hand stands: it comes here last.
        let (hand, last) = (kept.hand, kept.entries.len() - 1);
        kept.entries.swap(hand, last);
    }
}

impl Kept {
    /// Moves the hand on to the next entry, which goes unless it was used since the hand was there.
    fn turn_hand(&mut self) {
        self.hand = if self.hand + 1 < self.entries.len() { self.hand + 1 } else { 0 };
        if let Some(entry) = self.entries.get_mut(self.hand)
            && !std::mem::take(&mut entry.used)
        {
            self.bytes -= self.entries.swap_remove(self.hand).bytes;
        }
    }
}

/// FNV-1a.
fn hash(text: &str) -> u32 {
    text.bytes()
        .fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// About how many bytes keeping an expression takes. A name behind a placeholder stands in the tree as well as in the inputs.
fn cost(text: &str, inputs: &Inputs) -> usize {
    size_of::<Entry>() + text.len() + TOKEN_BYTES * inputs.tokens + 2 * inputs.name_bytes()
}
